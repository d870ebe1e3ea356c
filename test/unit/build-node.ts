/** Builders for tests: a beat and a node, with only what the test is about said. */
import { type Heartbeat, type HeartbeatInput, HeartbeatSchema, PROTOCOL_VERSION } from "../../worker/protocol/heartbeat.ts";
import type { RouteRequest } from "../../worker/protocol/inference.ts";
import { newNode } from "../../worker/fleet/beat.ts";
import { emptyFleet, type FleetState, type NodeRecord } from "../../worker/fleet/state.ts";

export const GB = 1e9;

export interface NodeFacts {
	id?: string;
	machineId?: string;
	/** Name to bytes. */
	installed?: Record<string, number>;
	resident?: Record<string, number>;
	numParallel?: number;
	totalGb?: number;
	availableGb?: number;
	pressure?: "normal" | "warn" | "critical";
	bandwidthGbps?: number;
	gpuGb?: number;
	contextLength?: number;
	capabilities?: string[];
	version?: string;
	inFlightIds?: string[];
	state?: Heartbeat["ollama"]["state"];
	doorUrl?: string;
	capacity?: HeartbeatInput["capacity"];
}

export function beat(facts: NodeFacts = {}): Heartbeat {
	const { id = "alpha", totalGb = 64 } = facts;
	const availableGb = facts.availableGb ?? totalGb * 0.75;
	return HeartbeatSchema.parse({
		protocol: PROTOCOL_VERSION,
		node_id: id,
		machine_id: facts.machineId ?? `machine-of-${id}`,
		agent_version: "0.1.0",
		sent_at: 0,
		door_url: facts.doorUrl ?? "http://192.168.1.20:11436",
		platform: { os: "linux", arch: "x64", memory_bandwidth_gbps: facts.bandwidthGbps },
		cpu: {},
		memory: {
			total_bytes: totalGb * GB,
			used_bytes: (totalGb - availableGb) * GB,
			available_bytes: availableGb * GB,
			pressure: facts.pressure ?? "normal",
		},
		gpus: facts.gpuGb
			? [{ id: "0", name: "GPU", vendor: "nvidia", unified: false, memory_total_bytes: facts.gpuGb * GB, memory_used_bytes: 0 }]
			: [],
		thermal: { state: "nominal" },
		ollama: ollama(facts),
		in_flight: facts.inFlightIds,
		capacity: facts.capacity,
	});
}

function ollama(facts: NodeFacts) {
	const resident = Object.entries(facts.resident ?? {});
	const installed = Object.entries(facts.installed ?? facts.resident ?? {});
	return {
		state: facts.state ?? "running",
		version: facts.version ?? "0.32.15",
		settings: { num_parallel: facts.numParallel ?? 1 },
		models_loaded: resident.map(([name, size]) => ({ name, size, context_length: facts.contextLength })),
		models_available: installed.map(([name, size]) => ({ name, size, capabilities: facts.capabilities })),
	};
}

/** An approved node that was seen at 0 and whose door answers. */
export function node(facts: NodeFacts = {}): NodeRecord {
	return { ...newNode(beat(facts), { secret: `secret-of-${facts.id ?? "alpha"}`, approved: true }, 0), doorReachable: true };
}

export function fleetOf(...nodes: NodeRecord[]): FleetState {
	const state = emptyFleet(0);
	for (const member of nodes) state.nodes.set(member.nodeId, member);
	return state;
}

export function request(facts: Partial<RouteRequest> = {}): RouteRequest {
	return {
		id: "request-1",
		model: "llama3.1:8b",
		fallbacks: [],
		numCtx: undefined,
		tiedToModel: false,
		path: "/api/chat",
		dialect: "ollama",
		needsVision: false,
		promptTokens: 100,
		requestClass: "interactive",
		tags: [],
		excluded: [],
		arrivedAt: 0,
		app: "",
		client: "",
		marks: [],
		...facts,
	};
}
