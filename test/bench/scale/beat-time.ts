/** What heartbeats cost the router in a large fleet; wall clock, so a report and not a test. */
import { applyBeat, newNode } from "../../../worker/fleet/beat.ts";
import { fleetIndex } from "../../../worker/fleet/fleet-index.ts";
import { emptyFleet } from "../../../worker/fleet/state.ts";
import { type Heartbeat, HeartbeatSchema, PROTOCOL_VERSION } from "../../../worker/protocol/heartbeat.ts";

const NODES = 1000;
const MODELS = 50;
const BEAT_EVERY_MS = 5_000;
const ROUNDS = 5;
const GB = 1e9;

/** Of one core: parsing and taking in the beats of all nodes, and what a pass then looks at. */
export function beatShare(): number {
	const state = emptyFleet(0);
	for (let index = 0; index < NODES; index++) {
		const node = newNode(beat(index, true), { secret: `secret-${index}`, approved: true }, 0);
		state.nodes.set(node.nodeId, node);
	}
	const bodies = Array.from({ length: NODES }, (_, index) => JSON.stringify(beat(index, false)));
	const startedAt = performance.now();
	for (let round = 1; round <= ROUNDS; round++) for (const body of bodies) takeIn(body, round * BEAT_EVERY_MS, state);
	return (performance.now() - startedAt) / ROUNDS / BEAT_EVERY_MS;
}

function takeIn(body: string, now: number, state: ReturnType<typeof emptyFleet>): void {
	const parsed = HeartbeatSchema.parse(JSON.parse(body));
	const node = state.nodes.get(parsed.node_id);
	if (!node) throw new Error(`No node is called "${parsed.node_id}"`);
	applyBeat(state, node, parsed, now);
	fleetIndex(state);
}

function beat(index: number, withModels: boolean): Heartbeat {
	const models = Array.from({ length: MODELS }, (_, model) => ({ name: `model-${model}:7b`, size: 5 * GB, digest: `${model}` }));
	return HeartbeatSchema.parse({
		protocol: PROTOCOL_VERSION,
		node_id: `node-${index}`,
		machine_id: `machine-of-node-${index}`,
		agent_version: "0",
		sent_at: 0,
		platform: { os: "linux", arch: "x64", memory_bandwidth_gbps: 400 },
		cpu: {},
		memory: { total_bytes: 64 * GB, used_bytes: 8 * GB, available_bytes: 56 * GB, pressure: "normal" },
		gpus: [],
		thermal: { state: "nominal" },
		ollama: {
			state: "running",
			version: "0.32.15",
			settings: {},
			models_loaded: models.slice(index % MODELS).slice(0, 2),
			...(withModels && { models_available: models }),
		},
	});
}
