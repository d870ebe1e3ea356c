/** Brings the traces of an earlier router into this one's, while it runs: in pages, with a rest after each. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ImportStateSchema } from "../../worker/protocol/imports.ts";
import type { WorkerHost } from "../host/miniflare.ts";
import { KEPT_ASIDE } from "../latency-db.ts";
import { OriginFile } from "./origin-file.ts";
import { pagesOf } from "./pages.ts";

/** Streams that run meanwhile keep half of the time, and never less than this between two pages. */
const SHORTEST_REST_MS = 20;
const TOLD_EVERY_RATIO = 0.1;

export interface Importing {
	readonly folder: string;
	readonly worker: Pick<WorkerHost, "ask">;
	readonly say: (line: string) => void;
	readonly signal: AbortSignal;
}

/** Every file that was put aside and is not done with. Never rejects: what fails is said, and tried again at the next start. */
export async function importLeftovers(importing: Importing): Promise<void> {
	for (const name of readdirSync(importing.folder).filter((file) => KEPT_ASIDE.test(file))) {
		try {
			await importFile(name, importing);
		} catch (error) {
			if (importing.signal.aborted) return;
			importing.say(`The requests in ${name} could not be imported (${String(error)}): this is tried again at the next start`);
		}
	}
}

async function importFile(name: string, importing: Importing): Promise<void> {
	const { folder, worker } = importing;
	const state = ImportStateSchema.parse(await worker.ask("GET", `/fleet/imports?name=${encodeURIComponent(name)}`));
	if (state.finished) return;
	const file = new OriginFile(join(folder, name));
	try {
		await bringIn(name, { file, state, ...importing });
	} finally {
		file.close();
	}
}

type Bringing = Importing & { readonly file: OriginFile; readonly state: Parameters<typeof pagesOf>[1] };

async function bringIn(name: string, { file, state, worker, say, signal }: Bringing): Promise<void> {
	const total = file.countAfter(state.through);
	if (total > 0) say(`Importing ${total.toLocaleString("en")} rows of an earlier router from ${name}`);
	let [done, told, taken, skipped] = [0, 0, 0, 0];
	for (const { read, ...page } of pagesOf(file, state)) {
		const startedAt = Date.now();
		await worker.ask("POST", "/fleet/imports", { name, ...page });
		({ taken, skipped } = page.state);
		done += read;
		if (done < total && done / total >= told + TOLD_EVERY_RATIO) {
			told = done / total;
			say(`  ${Math.floor(told * 100)} % imported`);
		}
		await sleep(Math.max(SHORTEST_REST_MS, Date.now() - startedAt), undefined, { signal });
	}
	say(`Imported ${taken.toLocaleString("en")} requests from ${name}${skipped > 0 ? `; ${skipped} rows had no id, model or time` : ""}`);
}
