/** What a finished request teaches the fleet. Pure over the state given. */
import type { Trace } from "../protocol/trace.ts";
import type { FleetState, Lease } from "./state.ts";

export function recordFinish(state: FleetState, lease: Lease | undefined, trace: Trace): void {
	if (!lease) return;
	const { nodeId, model } = lease;
	const completed = trace.status === "completed";
	const key = `${nodeId}:${model}`;
	const failed = !completed && trace.status !== "client_disconnected";
	const before = state.finished.get(key) ?? { completed: 0, failed: 0 };
	state.finished.set(key, { completed: before.completed + Number(completed), failed: before.failed + Number(failed) });
	if (!completed || trace.latency_ms === null) return;
	const p75 = state.latencies.add(nodeId, model, Math.max(0, trace.latency_ms - trace.queue_ms));
	state.nodes.get(nodeId)?.latencyP75Ms.set(model, p75);
}

export function forgetFinished(state: FleetState, nodeId: string): void {
	for (const key of state.finished.keys()) if (key.startsWith(`${nodeId}:`)) state.finished.delete(key);
}
