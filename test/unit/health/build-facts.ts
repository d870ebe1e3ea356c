/** Builders for the health tests: a fleet with nothing wrong, and only what the test is about said. */
import type { HealthFacts, NodeFacts, RecentRequest } from "../../../worker/health/facts.ts";
import type { Heartbeat } from "../../../worker/protocol/heartbeat.ts";
import { beat } from "../build-node.ts";

export const NOW = 100 * 3_600_000;
export const VERSION = "0.1.0";
export const GIB = 1024 ** 3;
export const MODEL = "llama3.1:8b";

export function facts(said: Partial<HealthFacts> = {}): HealthFacts {
	return {
		now: NOW,
		routerVersion: VERSION,
		access: { auth: "open", edge: false, allowedHosts: [] },
		nodes: [nodeFacts()],
		queue: { waiting: 0, mostWaiting: 1000, longestWaitMs: 0, longestWaitModel: "" },
		aliases: {},
		pulls: [],
		pins: [],
		recent: [],
		speeds: [],
		records: { refused: false, dropped: 0 },
		...said,
	};
}

export type NodeSaid = Partial<Omit<NodeFacts, "beat">> & { beat?: Partial<Heartbeat> };

export function nodeFacts({ beat: told, ...said }: NodeSaid = {}): NodeFacts {
	const nodeId = said.nodeId ?? "alpha";
	return {
		nodeId,
		status: "online",
		lastSeenAt: NOW - 1000,
		left: false,
		drained: false,
		doorReachable: true,
		breakers: [],
		clockSkewMs: 100,
		external: undefined,
		lostAt: [],
		stalledAt: [],
		installed: [{ name: MODEL, sizeBytes: 5 * GIB, digest: "sha256:aaaa" }],
		resident: [{ name: MODEL, sizeBytes: 6 * GIB, vramBytes: 6 * GIB, contextTokens: 8192 }],
		...said,
		beat: { ...beat({ id: nodeId }), ...told },
	};
}

export function served(said: Partial<RecentRequest> = {}): RecentRequest {
	return {
		at: NOW - 60_000,
		nodeId: "alpha",
		model: MODEL,
		askedFor: said.model ?? MODEL,
		status: "completed",
		refusal: null,
		because: "",
		failures: [],
		load: undefined,
		promptTokens: 500,
		completionTokens: 100,
		estimatedTokens: 500,
		contextTokens: 8192,
		finishReason: "stop",
		tokensPerSecond: undefined,
		...said,
	};
}

/** So many of the same. */
export function times(number: number, said: Partial<RecentRequest> = {}): RecentRequest[] {
	return Array.from({ length: number }, () => served(said));
}

export const PULL = {
	id: "pull-1",
	by: "router" as const,
	model: MODEL,
	node_id: "alpha",
	completed_bytes: 0,
	total_bytes: 0,
	waiting: 0,
	started_at: 1,
};
