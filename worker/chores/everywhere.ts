/** `DELETE /api/delete` and `POST /api/copy`: on every node that has the model, or on the one that is named. */
import { log } from "../log.ts";
import { REASON_TEXT, type NodeReason } from "../routing/eligibility.ts";
import type { Target } from "../fleet/targets.ts";
import { type Called, callNode } from "./call-node.ts";
import { answered, type ChoreDone, type ChorePorts, type Errand } from "./errand.ts";
import { modelOf, type ReadErrand, readErrand } from "./read-errand.ts";
import { refreshModels } from "./refresh-models.ts";
import { clientGone, relayShort, stamp } from "./relay.ts";
import { absentNode, inOwnWords, noNode, nobodyHas, reasonsText, refused } from "./unknown-model.ts";
import { type Outcome, verdictOn } from "./verdict.ts";

/** Both only touch manifests; a disk may still be slow. */
const TIMEOUT_MS = 30_000;

/** A change, as it is spoken of. */
interface Change {
	readonly model: string;
	/** "deleted". */
	readonly deed: string;
	/** Ollama's sentence for a model that is not there. */
	readonly sentence: string;
}

export async function deleteModel(errand: Errand, ports: ChorePorts): Promise<ChoreDone> {
	const read = await readErrand(errand, ports);
	const model = modelOf(read.fields);
	return change(errand, read, { model, deed: "deleted", sentence: `model '${model}' not found` }, ports);
}

export async function copyModel(errand: Errand, ports: ChorePorts): Promise<ChoreDone> {
	const read = await readErrand(errand, ports);
	const model = read.fields.source;
	return change(errand, read, { model, deed: "copied", sentence: `model "${model}" not found` }, ports);
}

async function change(errand: Errand, { call, fields, complaint }: ReadErrand, what: Change, ports: ChorePorts): Promise<ChoreDone> {
	const { model, sentence } = what;
	if (complaint !== undefined || model === "")
		return inOwnWords({ errand, call, own: { status: 400, message: complaint ?? 'name "" is invalid' } }, ports);
	if (fields.node_id !== "") {
		const node = await ports.fleet().nodeNamed(fields.node_id);
		if (node.kind === "absent") return absentNode(errand, fields.node_id);
		if (node.kind === "blocked") return noNode(errand, "be reached", reasonsText({ [fields.node_id]: node.reasons }));
		return onEach({ errand, call, targets: [node.target], unreachable: {}, what }, ports);
	}
	const where = await ports.fleet().whoHas(model);
	if (where.holders.length === 0) return nobodyHas(model, where, { errand, call, sentence }, ports);
	return onEach({ errand, call, targets: where.holders, unreachable: where.unreachable, what }, ports);
}

interface Round {
	readonly errand: Errand;
	readonly call: ReadErrand["call"];
	readonly targets: readonly Target[];
	/** Has the model too, but can't be asked: the change is not whole without it. */
	readonly unreachable: Readonly<Record<string, readonly NodeReason[]>>;
	readonly what: Change;
}

async function onEach({ errand, call, targets, unreachable, what }: Round, ports: ChorePorts): Promise<ChoreDone> {
	const options = { ...ports, signal: errand.request.signal, timeoutMs: TIMEOUT_MS };
	const called = await Promise.all(targets.map((target) => callNode(target, call, options)));
	const outcomes = [...called.map(outcomeOf), ...Object.entries(unreachable).map(unreached)];
	const changed = targets.filter(({ nodeId }) => outcomes.some((outcome) => outcome.nodeId === nodeId && outcome.kind !== "failed"));
	await Promise.all(changed.map((target) => refreshModels(target, errand.id, ports)));
	const verdict = verdictOn(outcomes, what.model, what.deed);
	const said = { request_id: errand.id, model: what.model, outcomes: outcomes.map(({ nodeId, kind }) => `${nodeId}: ${kind}`) };
	log(verdict.kind === "done" ? "info" : "warn", `Model ${what.deed}`, said);
	if (errand.request.signal.aborted) return answered(clientGone());
	if (verdict.kind === "partial") return refused(errand, { status: 502, message: verdict.message });
	if (verdict.kind === "relay") return relayOf(called, verdict.nodeId, errand, ports);
	const response = new Response(null, { status: 200, headers: { "Content-Length": "0" } });
	stamp(response.headers, { "X-Request-Id": errand.id, "X-Fleet-Node": verdict.nodeIds.join(", ") });
	return answered(response);
}

function relayOf(called: readonly Called[], nodeId: string, errand: Errand, ports: ChorePorts): ChoreDone {
	const words = called.find((one) => one.nodeId === nodeId);
	if (words?.kind !== "answered") throw new Error(`Node "${nodeId}" gave no answer to relay`);
	return relayShort(words, errand, ports);
}

function outcomeOf(called: Called): Outcome {
	const { nodeId } = called;
	if (called.kind === "failed") return { kind: "failed", nodeId, why: called.failure.message };
	const { status } = called.response;
	if (status < 400) return { kind: "done", nodeId };
	return { kind: status === 404 ? "gone" : "refused", nodeId };
}

function unreached([nodeId, reasons]: [string, readonly NodeReason[]]): Outcome {
	return { kind: "failed", nodeId, why: reasons.map((reason) => REASON_TEXT[reason]).join(" and ") };
}
