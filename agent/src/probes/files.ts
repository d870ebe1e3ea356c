import { readFile, readdir } from "node:fs/promises";

/** A file of the kernel's, trimmed; `undefined` when there is none. Rejects when there is one that may not or cannot be read. */
export async function textOf(path: string): Promise<string | undefined> {
	try {
		return (await readFile(path, "utf8")).trim();
	} catch (error) {
		if (isAbsence(error)) return undefined;
		throw error;
	}
}

/** As `textOf`, for values that are only worth having when they are easily had. */
export async function easyTextOf(path: string): Promise<string | undefined> {
	return textOf(path).catch(() => undefined);
}

/** A number in a file of its own. */
export async function numberIn(path: string): Promise<number | undefined> {
	const text = await easyTextOf(path);
	const value = text === undefined || text === "" ? Number.NaN : Number(text);
	return Number.isFinite(value) ? value : undefined;
}

/** The names in a folder, none when there is no such folder. */
export async function namesIn(path: string): Promise<string[]> {
	try {
		return (await readdir(path)).toSorted();
	} catch (error) {
		if (isAbsence(error)) return [];
		throw error;
	}
}

/** The kernel says "not supported" for a file that it shows on every machine. */
function isAbsence(error: unknown): boolean {
	const code = error instanceof Error && "code" in error ? error.code : undefined;
	return code === "ENOENT" || code === "ENOTDIR" || code === "ENODEV" || code === "EOPNOTSUPP" || code === "ENOTSUP";
}
