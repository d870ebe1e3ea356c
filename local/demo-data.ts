/** Keeps the demo's rows and a real fleet's apart: a folder with the demo's data carries a mark. */
import { existsSync, lstatSync, mkdirSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

const MARK = ".demo";
/** Belong to the machine, whatever its data are; the demo's own folder and older ones stay where they are. */
const STAYS = /^(?:admin-key|join-token|env|herd\.pid|agent.*\.json|demo.*)$/;

export function isDemo(folder: string): boolean {
	return existsSync(join(folder, MARK));
}

export function markAsDemo(folder: string): void {
	writeFileSync(join(folder, MARK), "The data in this folder are the demo's: herd moves them aside when it starts here for real.\n");
}

/** Where the demo may write: `folder`, or its `demo` subfolder once a real fleet has left traces in it. */
export function demoFolder(folder: string): string {
	return isDemo(folder) || !hasRows(join(folder, "latency.db")) ? folder : join(folder, "demo");
}

/** Moves the demo's data into a subfolder and returns its path. */
export function moveDemoAside(folder: string): string {
	const aside = freeName(folder);
	mkdirSync(aside, { mode: 0o700 });
	for (const name of readdirSync(folder)) if (!STAYS.test(name)) renameSync(join(folder, name), join(aside, name));
	return aside;
}

function freeName(folder: string): string {
	for (let number = 1; ; number++) if (!existsSync(join(folder, `demo-kept-${number}`))) return join(folder, `demo-kept-${number}`);
}

/** True too for a file that can't be read as a database: it is not ours to write over. */
function hasRows(file: string): boolean {
	if (!lstatSync(file, { throwIfNoEntry: false }) || !existsSync(file)) return false;
	try {
		const database = new DatabaseSync(file, { readOnly: true });
		const row = database.prepare("select 1 from request_traces limit 1").get();
		database.close();
		return row !== undefined;
	} catch {
		return true;
	}
}
