/** A heartbeat by hand, for what no agent would send. */
import { PROTOCOL_VERSION, type HeartbeatInput } from "../../worker/protocol/heartbeat.ts";

const GIB = 1024 ** 3;

export function beatOf(nodeId: string, machineId: string): HeartbeatInput {
	return {
		protocol: PROTOCOL_VERSION,
		node_id: nodeId,
		machine_id: machineId,
		agent_version: "0.0.0-test",
		sent_at: Date.now(),
		platform: { os: "linux", arch: "x64" },
		cpu: {},
		memory: { total_bytes: 8 * GIB, used_bytes: 4 * GIB, available_bytes: 4 * GIB, pressure: "normal" },
		thermal: { state: "unknown" },
		ollama: { state: "running", settings: {}, models_loaded: [], models_available: [] },
	};
}

/** The router's answer to a beat, and its status. */
export async function sendBeat(routerUrl: string, beat: unknown, headers: Record<string, string> = {}) {
	const response = await fetch(`${routerUrl}/heartbeat`, {
		method: "POST",
		headers: { "content-type": "application/json", ...headers },
		body: typeof beat === "string" ? beat : JSON.stringify(beat),
	});
	return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}
