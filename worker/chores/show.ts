/** `POST /api/show`: any node that has the model, one that has it in memory first. */
import type { Answered } from "./call-node.ts";
import { askHolders } from "./ask-holders.ts";
import { answered, type ChoreDone, type ChorePorts, type Errand } from "./errand.ts";
import { modelOf, readErrand } from "./read-errand.ts";
import { failed, relayToEnd, stamp } from "./relay.ts";
import { cacheKey, type ShowCache, type Shown } from "./show-cache.ts";
import { inOwnWords, nobodyHas } from "./unknown-model.ts";

/** It takes Ollama milliseconds; a node that hangs must not keep the next from being asked. */
const TIMEOUT_MS = 5_000;

export async function show(errand: Errand, ports: ChorePorts, cache: ShowCache): Promise<ChoreDone> {
	const { call, fields, given, complaint } = await readErrand(errand, ports);
	const model = modelOf(fields);
	if (complaint !== undefined || model === "")
		return inOwnWords({ errand, call, own: { status: 400, message: complaint ?? "model is required" } }, ports);
	const where = await ports.fleet().whoHas(model);
	const [first] = where.holders;
	if (!first) return nobodyHas(model, where, { errand, call, sentence: `model '${withTag(model)}' not found` }, ports);
	const key = cacheKey({ model, digest: first.digest, given, userAgent: errand.request.headers.get("user-agent") });
	const known = key === undefined ? undefined : cache.get(key);
	if (known) return answered(shownAgain(known, errand));
	const called = await askHolders(where.holders, call, { ...ports, signal: errand.request.signal, timeoutMs: TIMEOUT_MS });
	if (called.kind === "failed") return failed(called, `show model '${model}'`, errand);
	const isFirst = called.nodeId === first.nodeId && called.response.status === 200;
	if (key === undefined || !isFirst) return relayToEnd(called, errand, ports);
	const shown = await readWhole(called);
	cache.keep(key, shown);
	return answered(shownAgain(shown, errand));
}

async function readWhole({ nodeId, response }: Answered): Promise<Shown> {
	const contentType = response.headers.get("content-type") ?? "";
	return { nodeId, contentType, body: new Uint8Array(await response.arrayBuffer()) };
}

function shownAgain({ nodeId, contentType, body }: Shown, { id }: Errand): Response {
	const response = new Response(body, { headers: { "Content-Type": contentType } });
	stamp(response.headers, { "X-Request-Id": id, "X-Fleet-Node": nodeId });
	return response;
}

/** Since 0.30 Ollama names the tag here. */
function withTag(model: string): string {
	return model.lastIndexOf(":") > model.lastIndexOf("/") ? model : `${model}:latest`;
}
