/** Asks the nodes that have a model one after another, until one answers. */
import type { Holder } from "../fleet/targets.ts";
import { type Call, type Called, callNode, type CallOptions } from "./call-node.ts";

/** The first useful answer, else the last one there was. A 404 means that the model has gone from that node meanwhile. */
export async function askHolders(holders: readonly Holder[], call: Call, options: CallOptions): Promise<Called> {
	let last: Called | undefined;
	for (const holder of holders) {
		if (last?.kind === "answered") await last.response.body?.cancel();
		last = await callNode(holder, call, options);
		const useful = last.kind === "answered" ? last.response.status !== 404 : last.failure.kind === "client-gone";
		if (useful) return last;
	}
	if (!last) throw new Error("Asking no holders");
	return last;
}
