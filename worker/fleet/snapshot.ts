/** The state as `GET /fleet/status` tells it. Pure. */
import type { FleetSnapshot, NodeSnapshot, QueueSnapshot } from "../protocol/fleet.ts";
import type { ResidentModel } from "../protocol/ollama.ts";
import { candidateOf, parallelOf, slotsOf } from "../routing/candidate.ts";
import { nodeReasons } from "../routing/eligibility.ts";
import { pullSnapshots } from "./auto-pull/report.ts";
import { capacitySnapshot } from "./capacity-report.ts";
import { canonicalName } from "../routing/names.ts";
import { ROUTER_VERSION } from "../version.ts";
import type { FleetState, NodeRecord } from "./state.ts";

const GIB = 1024 ** 3;

export function toSnapshot(state: FleetState, now: number): FleetSnapshot {
	const nodes = [...state.nodes.values(), ...state.pending.values()].map((node) => toNodeSnapshot(node, now));
	return {
		fleet: {
			nodes_total: state.nodes.size,
			nodes_online: nodes.filter(({ status }) => status === "online").length,
			models_loaded: nodes
				.filter(({ status }) => status === "online" || status === "degraded")
				.reduce((sum, node) => sum + node.ollama.models_loaded.length, 0),
			requests_active: state.leases.size,
			requests_waiting: state.waiting.size,
			router_version: ROUTER_VERSION,
			started_at: state.startedAt / 1000,
		},
		nodes: nodes.sort((a, b) => a.node_id.localeCompare(b.node_id)),
		queues: toQueues(state),
		pulls: pullSnapshots(state),
		timestamp: now / 1000,
	};
}

function toNodeSnapshot(node: NodeRecord, now: number): NodeSnapshot {
	const { beat } = node;
	const capacity = capacitySnapshot(node);
	const cores = beat.cpu.cores_physical ?? 0;
	const { temperature_celsius: celsius, state: thermalState } = beat.thermal;
	return {
		node_id: node.nodeId,
		status: node.status,
		hardware: {
			memory_total_gb: gib(beat.memory.total_bytes),
			cores_physical: cores,
			chip: beat.platform.chip ?? "",
			memory_bandwidth_gbps: beat.platform.memory_bandwidth_gbps ?? 0,
			arch: beat.platform.arch,
		},
		ollama_url: beat.door_url ?? "",
		...(beat.cpu.utilization_ratio !== undefined && {
			cpu: { cores_physical: cores, utilization_pct: percent(beat.cpu.utilization_ratio) },
		}),
		memory: {
			total_gb: gib(beat.memory.total_bytes),
			used_gb: gib(beat.memory.used_bytes),
			available_gb: gib(beat.memory.available_bytes),
			pressure: beat.memory.pressure,
		},
		ollama: ollamaOf(node),
		blocked_by: nodeReasons(node),
		...(capacity && { capacity }),
		breakers: breakersOf(node, now),
		last_seen_ago_ms: now - node.lastSeenAt,
		agent_version: beat.agent_version,
		os: beat.platform.os,
		gpus: beat.gpus.map(toGpu),
		thermal: { state: thermalState, ...(celsius !== undefined && { temperature_c: celsius }) },
		...(beat.disk && { disk: { total_gb: gib(beat.disk.total_bytes), available_gb: gib(beat.disk.available_bytes) } }),
		failed_probes: beat.failed_probes,
	};
}

function ollamaOf(node: NodeRecord): NodeSnapshot["ollama"] {
	const { ollama } = node.beat;
	return {
		state: ollama.state,
		...(ollama.version !== undefined && { version: ollama.version }),
		models_loaded: ollama.models_loaded.map((model) => toLoaded(model, node)),
		models_available: (node.installedEntries ?? []).map(({ name }) => name),
		requests_active: [...node.inFlight.values()].reduce((sum, count) => sum + count, 0),
		...((node.external || node.beat.external_jobs !== undefined) && { external_jobs: node.external?.jobs ?? 0 }),
		num_parallel: parallelOf(node),
		...(ollama.settings.max_loaded_models !== undefined && { max_loaded_models: ollama.settings.max_loaded_models }),
	};
}

function toLoaded(model: ResidentModel, node: NodeRecord): NodeSnapshot["ollama"]["models_loaded"][number] {
	return {
		name: model.name,
		size_gb: gib(model.size),
		...(model.size_vram !== undefined && { size_vram_gb: gib(model.size_vram) }),
		requests_active: node.inFlight.get(canonicalName(model.name)) ?? 0,
		parameter_size: model.details?.parameter_size ?? "",
		quantization: model.details?.quantization_level ?? "",
		context_length: model.context_length ?? 0,
		...(model.expires_at !== undefined && { expires_at: model.expires_at }),
	};
}

function breakersOf({ breakers }: NodeRecord, now: number): NodeSnapshot["breakers"] {
	return [...breakers].flatMap(([model, { openUntil, failures, reason }]) =>
		openUntil === undefined ? [] : [{ model, reason, failures, retry_in_ms: Math.max(0, openUntil - now) }],
	);
}

function toGpu(gpu: NodeRecord["beat"]["gpus"][number]): NodeSnapshot["gpus"][number] {
	return {
		name: gpu.name,
		unified: gpu.unified,
		...(gpu.memory_total_bytes !== undefined && { memory_total_gb: gib(gpu.memory_total_bytes) }),
		...(gpu.memory_used_bytes !== undefined && { memory_used_gb: gib(gpu.memory_used_bytes) }),
		...(gpu.utilization_ratio !== undefined && { utilization_pct: percent(gpu.utilization_ratio) }),
		...(gpu.temperature_celsius !== undefined && { temperature_c: gpu.temperature_celsius }),
	};
}

export function toQueues(state: FleetState): Record<string, QueueSnapshot> {
	const queues: Record<string, QueueSnapshot> = {};
	for (const node of state.nodes.values()) {
		const prefix = `${node.nodeId}:`;
		const served = [...state.finished.keys()].filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
		for (const model of new Set([...node.inFlight.keys(), ...served])) {
			const done = state.finished.get(prefix + model) ?? { completed: 0, failed: 0 };
			const running = { pending: 0, in_flight: node.inFlight.get(model) ?? 0, concurrency: slotsOf(candidateOf(node, model)) };
			queues[prefix + model] = { model, node_id: node.nodeId, ...running, ...done };
		}
	}
	for (const { model } of state.waiting.values()) {
		const queue = (queues[`*:${model}`] ??= { model, node_id: null, pending: 0, in_flight: 0, concurrency: 0, completed: 0, failed: 0 });
		queue.pending++;
	}
	return queues;
}

function gib(bytes: number): number {
	return Math.round((bytes / GIB) * 100) / 100;
}

function percent(ratio: number): number {
	return Math.round(ratio * 1000) / 10;
}
