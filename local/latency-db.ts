/** `latency.db`: a stable name for the live SQLite file with `request_traces`, for anybody's `sqlite3`. */
import { existsSync, lstatSync, readdirSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { join, relative } from "node:path";

/** Files of another router; their rows are imported. */
export const KEPT_ASIDE = /^latency-before-herd(?:-\d+)?\.db$/;

/** Returns a sentence to tell when a file of another origin was put aside. */
export function linkLatencyDb(dataFolder: string, stateFolder: string): string | undefined {
	const folder = join(stateFolder, "d1", "miniflare-D1DatabaseObject");
	const database = readdirSync(folder).find((name) => name.endsWith(".sqlite") && name !== "metadata.sqlite");
	if (!database) throw new Error(`No database file in ${folder}`);
	const link = join(dataFolder, "latency.db");
	const aside = putAside(link);
	symlinkSync(relative(dataFolder, join(folder, database)), link);
	return aside;
}

/** An earlier link is renewed; a real file is somebody's data and is kept under another name. */
function putAside(link: string): string | undefined {
	const found = lstatSync(link, { throwIfNoEntry: false });
	if (!found) return undefined;
	if (found.isSymbolicLink()) {
		rmSync(link);
		return undefined;
	}
	const kept = freeName(join(link, "..", "latency-before-herd"));
	for (const suffix of ["", "-wal", "-shm"]) if (existsSync(link + suffix)) renameSync(link + suffix, kept + suffix);
	return `An earlier latency.db was kept as ${kept}`;
}

function freeName(base: string): string {
	let name = `${base}.db`;
	for (let number = 2; existsSync(name); number++) name = `${base}-${number}.db`;
	return name;
}
