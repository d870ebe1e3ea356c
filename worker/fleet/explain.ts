/** A dry run as `/fleet/explain` tells it: nothing is placed, nothing waits. Pure. */
import type { ExplanationReport } from "../protocol/decision.ts";
import type { RouteRequest } from "../protocol/inference.ts";
import { explain } from "../routing/rule/explain.ts";
import { candidateReport, decisionReport } from "./decision-report.ts";
import { passInput, type QueueLimits, toQueued } from "./queue.ts";
import { roomierModel } from "./served-models.ts";
import type { FleetState } from "./state.ts";

export function explanationReport(state: FleetState, request: RouteRequest, limits: QueueLimits, now: number): ExplanationReport {
	const queued = toQueued(state, request, limits, now);
	const { decision, candidates, against } = explain(passInput(state, limits, now), queued);
	const chosen = candidates.find(({ nodeId }) => nodeId === decision?.nodeId);
	const roomier = decision && limits.contextProtection === "strip" && roomierModel(state, queued, decision);
	const { promptTokens } = request;
	return {
		model: request.model,
		served_as: queued.model,
		because: queued.because,
		decision: decision ? decisionReport(decision, { because: queued.because, promptTokens, decidedAt: now }) : null,
		starts_now: chosen !== undefined && !chosen.isFull,
		waiting_ahead: [...state.waiting.values()].filter(({ model }) => model === queued.model).length,
		larger_context: roomier ? { node_id: roomier.nodeId, model: roomier.name } : null,
		candidates: candidates.map((line) => candidateReport(line, queued.model)),
		against: Object.fromEntries(Object.entries(against).map(([nodeId, reasons]) => [nodeId, [...reasons]])),
	};
}
