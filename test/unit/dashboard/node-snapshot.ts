import type { NodeSnapshot } from "../../../worker/protocol/fleet.ts";

/** A machine that is well and idle, but for what is given. */
export function nodeSnapshot(given: Partial<NodeSnapshot> = {}): NodeSnapshot {
	return {
		node_id: "mac-studio",
		status: "online",
		hardware: { memory_total_gb: 192, cores_physical: 24, chip: "M2 Ultra", memory_bandwidth_gbps: 800, arch: "arm64" },
		ollama_url: "http://192.168.1.20:11436",
		memory: { total_gb: 192, used_gb: 40, available_gb: 152, pressure: "normal" },
		ollama: { state: "running", models_loaded: [], models_available: [], requests_active: 0, num_parallel: 1 },
		blocked_by: [],
		breakers: [],
		last_seen_ago_ms: 1000,
		agent_version: "0.1.0",
		os: "darwin",
		gpus: [],
		thermal: { state: "nominal" },
		failed_probes: [],
		...given,
	};
}
