/** `POST /api/push`: from a node that has the model, signed with that node's own key. */
import { askHolders } from "./ask-holders.ts";
import type { ChoreDone, ChorePorts, Errand } from "./errand.ts";
import { modelOf, readErrand } from "./read-errand.ts";
import { failed, relayToEnd } from "./relay.ts";
import { inOwnWords, nobodyHas } from "./unknown-model.ts";

export async function push(errand: Errand, ports: ChorePorts): Promise<ChoreDone> {
	const { call, fields, complaint } = await readErrand(errand, ports);
	const model = modelOf(fields);
	if (complaint !== undefined || model === "")
		return inOwnWords({ errand, call, own: { status: 400, message: complaint ?? "model is required" } }, ports);
	const where = await ports.fleet().whoHas(model);
	if (where.holders.length === 0) return nobodyHas(model, where, { errand, call, sentence: `model '${model}' not found` }, ports);
	const limit = fields.stream ? { timeoutMs: ports.firstByteTimeoutMs } : {};
	const called = await askHolders(where.holders, call, { ...ports, signal: errand.request.signal, ...limit });
	if (called.kind === "failed") return failed(called, `push model '${model}'`, errand);
	return relayToEnd(called, errand, ports);
}
