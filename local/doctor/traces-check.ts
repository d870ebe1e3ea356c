/** Whether `latency.db` can be read, as anybody's `sqlite3` does. */
import { existsSync, lstatSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { ok, problem, warning } from "../../agent/src/doctor/finding.ts";
import type { RouterCheck } from "./examine.ts";

const ABOUT = "Traces";

export const traces: RouterCheck = ({ dataDir }) => {
	const path = join(dataDir, "latency.db");
	const entry = lstatSync(path, { throwIfNoEntry: false });
	if (!entry) return [ok(ABOUT, "latency.db will be made at the first start")];
	if (!existsSync(path)) return [warning(ABOUT, `${path} leads nowhere`, "The next start makes it anew")];
	try {
		const database = new DatabaseSync(path, { readOnly: true });
		// Not counted: that takes seconds where there are millions
		const row = database.prepare("select max(rowid) as newest from request_traces").get();
		database.close();
		return [ok(ABOUT, `${path} can be read, ${String(row?.newest ?? 0)} rows were written`)];
	} catch (error) {
		const advice = entry.isSymbolicLink()
			? "Stop herd, keep a copy of the folder, and start it again"
			: "It will be put aside at the next start";
		return [problem(ABOUT, `${path} can't be read: ${error instanceof Error ? error.message : String(error)}`, advice)];
	}
};
