/** `POST /api/show`: any node that has the model, one that has it in memory first. */
import type { Holder } from "../fleet/targets.ts";
import { withTag } from "../routing/names.ts";
import { askHolders } from "./ask-holders.ts";
import type { Call } from "./call-node.ts";
import { answered, type ChoreDone, type ChorePorts, type Errand } from "./errand.ts";
import { modelOf, readErrand } from "./read-errand.ts";
import { readWhole } from "./read-whole.ts";
import { failed, relayShort, stamp } from "./relay.ts";
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
	// Since 0.30 Ollama names the tag here
	if (!first) return nobodyHas(model, where, { errand, call, sentence: `model '${withTag(model)}' not found` }, ports);
	const key = cacheKey({
		model,
		digest: first.digest,
		given,
		bodyBytes: call.body.byteLength,
		userAgent: errand.request.headers.get("user-agent"),
	});
	const known = key === undefined ? undefined : cache.get(key);
	if (known) return answered(shownAgain(known, errand));
	return ask({ errand, call, model, holders: where.holders, key }, ports, cache);
}

interface Question {
	readonly errand: Errand;
	readonly call: Call;
	readonly model: string;
	readonly holders: readonly Holder[];
	/** Made of the first holder's digest: only that one's answer is remembered. */
	readonly key: string | undefined;
}

async function ask({ errand, call, model, holders, key }: Question, ports: ChorePorts, cache: ShowCache): Promise<ChoreDone> {
	const limits = { signal: errand.request.signal, timeoutMs: TIMEOUT_MS };
	const called = await askHolders(holders, call, { ...ports, ...limits });
	if (called.kind === "failed") return failed(called, `show model '${model}'`, errand);
	const isFirst = called.nodeId === holders[0]?.nodeId && called.response.status === 200;
	if (key === undefined || !isFirst) return relayShort(called, errand, ports);
	const shown = await readWhole(called, limits);
	if (shown.kind === "whole") {
		cache.keep(key, shown);
		return answered(shownAgain(shown, errand));
	}
	const rest = holders.slice(1);
	if (shown.failure.kind === "client-gone" || rest.length === 0) return failed(shown, `show model '${model}'`, errand);
	return ask({ errand, call, model, holders: rest, key: undefined }, ports, cache);
}

function shownAgain({ nodeId, contentType, body }: Shown, { id }: Errand): Response {
	const response = new Response(body, { headers: { "Content-Type": contentType } });
	stamp(response.headers, { "X-Request-Id": id, "X-Fleet-Node": nodeId });
	return response;
}
