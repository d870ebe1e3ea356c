/** Whether something built is older than what it was built from. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** Sources that don't exist are passed over: an installed package has none, and what it was shipped with is fresh. */
export function isStale(built: string, sources: readonly string[]): boolean {
	const builtAt = modifiedAt(built);
	return builtAt === 0 || sources.some((source) => newest(source) > builtAt);
}

function newest(path: string): number {
	try {
		const children = readdirSync(path, { recursive: true, encoding: "utf8" }).map((child) => modifiedAt(join(path, child)));
		return children.reduce((latest, at) => Math.max(latest, at), 0);
	} catch {
		return modifiedAt(path);
	}
}

function modifiedAt(path: string): number {
	return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
