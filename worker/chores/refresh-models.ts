/** Tells the fleet at once what a change has left on a node's disk; the node's own beat would say so seconds later. */
import type { Target } from "../fleet/targets.ts";
import { log } from "../log.ts";
import { InstalledListSchema } from "../protocol/manage.ts";
import { callNode } from "./call-node.ts";
import type { ChorePorts } from "./errand.ts";
import { readWhole } from "./read-whole.ts";

/** To the first byte, and again to the last: whoever waits for the change to be listed waits for no more. */
const TIMEOUT_MS = 3_000;

/** Never throws: the next beat makes up for it. */
export async function refreshModels(target: Target, id: string, ports: ChorePorts): Promise<void> {
	try {
		const call = { id, method: "GET", path: "/api/tags", headers: new Headers(), body: null };
		const limits = { signal: new AbortController().signal, timeoutMs: TIMEOUT_MS };
		const called = await callNode(target, call, { ...ports, ...limits });
		const read = called.kind === "failed" ? called : await readWhole(called, limits);
		if (read.kind === "failed") return;
		const list = InstalledListSchema.safeParse(JSON.parse(new TextDecoder().decode(read.body)));
		if (list.success) await ports.fleet().models().noteModels(target.nodeId, list.data.models);
	} catch (error) {
		log("warn", "Could not read a node's models after a change", { node_id: target.nodeId, error: String(error) });
	}
}
