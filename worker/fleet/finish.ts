/** What a finished request teaches the fleet. Pure over the state given. */
import type { Measured } from "../protocol/measured.ts";
import type { Trace } from "../protocol/trace.ts";
import { guessKvBytes } from "../routing/estimate/footprint.ts";
import { learn } from "../routing/estimate/learn.ts";
import { meanSharing } from "../routing/estimate/occupancy.ts";
import { ratesOf } from "../routing/estimate/rates.ts";
import { rememberedTokens } from "../routing/rule/prefix-index.ts";
import { knownAfterAll } from "./prefix-hit.ts";
import type { FleetState, Lease, NodeRecord } from "./state.ts";

/** `lease` is the one the request gave back just now. */
export function recordFinish(state: FleetState, lease: Lease, trace: Trace, measured: Measured): void {
	const { nodeId, model } = lease.decision;
	const completed = trace.status === "completed";
	const key = `${nodeId}:${model}`;
	const failed = !completed && trace.status !== "client_disconnected";
	const before = state.finished.get(key) ?? { completed: 0, failed: 0 };
	state.finished.set(key, { completed: before.completed + Number(completed), failed: before.failed + Number(failed) });
	const node = state.nodes.get(nodeId);
	if (!completed || !node) return;
	if (trace.latency_ms !== null)
		node.latencyP75Ms.set(model, state.latencies.add(nodeId, model, Math.max(0, trace.latency_ms - trace.queue_ms)));
	learnFrom(state, lease, node, measured);
	remember(state, lease, node, { measured, now: trace.timestamp * 1000 });
}

export function forgetFinished(state: FleetState, nodeId: string): void {
	for (const key of state.finished.keys()) if (key.startsWith(`${nodeId}:`)) state.finished.delete(key);
}

function learnFrom(state: FleetState, lease: Lease, node: NodeRecord, measured: Measured): void {
	const { model, nodeId } = lease.decision;
	const { knowledge } = state;
	const before = ratesOf(knowledge.estimates, node, model);
	const sharing = meanSharing(lease.occupancy, node.occupancy) + (node.external?.jobs ?? 0);
	const knownTokens = knownAfterAll({ lease, measured, rates: before, sharing });
	if (knownTokens === 0 && lease.decision.terms.knownTokens > 0) knowledge.prefixes.missed(nodeId, model, lease.waiting.marks);
	state.learned.add(nodeId);
	const { promptTokens, prefillMs, outputTokens, decodeMs, loadMs } = measured;
	const counters = { promptTokens, prefillMs, outputTokens, decodeMs, loadMs };
	learn(
		knowledge.estimates,
		{ ...counters, nodeId, model, app: lease.waiting.app, sharing, knownTokens, loadedAlone: lease.loadsAlone },
		before,
	);
}

function remember(
	{ knowledge }: FleetState,
	{ waiting, decision: { nodeId, model } }: Lease,
	node: NodeRecord,
	{ measured, now }: { measured: Measured; now: number },
): void {
	const fileBytes = node.installed.get(model)?.size ?? 0;
	knowledge.prefixes.remember({
		nodeId,
		model,
		marks: waiting.marks,
		promptTokens: measured.promptTokens ?? waiting.request.promptTokens,
		answerTokens: measured.outputTokens ?? 0,
		requestClass: waiting.request.requestClass,
		now,
		capacityTokens: rememberedTokens(node.beat.ollama.version, guessKvBytes(fileBytes)),
	});
}
