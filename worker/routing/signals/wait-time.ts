import { busyOf, type Candidate } from "../candidate.ts";
import type { Signal } from "../signal.ts";

/** A wait that costs everything: 250 s (the origin: a tenth of the seconds, 25 points at most). */
const WORST_WAIT_S = 250;
const BOOTSTRAP_TOKENS = 100;
const GB = 1e9;

/** How long the work on the node would hold a new request up: depth times the model's usual latency there. */
export const waitTime: Signal = (candidate) => {
	const depth = busyOf(candidate.node);
	if (depth === 0) return 0;
	const latencyMs = candidate.node.latencyP75Ms.get(candidate.model) ?? bootstrapLatencyMs(candidate);
	return Math.min(1, (depth * latencyMs) / 1000 / WORST_WAIT_S);
};

/** Before there is history: a hundred tokens at the rate that size and bandwidth suggest (reference/ollama-herd.md 2.4). */
function bootstrapLatencyMs({ node, sizeBytes }: Candidate): number {
	const bandwidth = node.beat.platform.memory_bandwidth_gbps ?? 0;
	const sizeGb = Math.max(1, sizeBytes / GB);
	const tokensPerSecond = bandwidth > 0 ? Math.max(10, (bandwidth * 1.2) / Math.max(1, sizeGb / 10)) : Math.max(1, 100 / sizeGb);
	return (BOOTSTRAP_TOKENS / tokensPerSecond) * 1000;
}
