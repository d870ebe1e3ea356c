/** A simulated node as the router's code sees it: filled by beats, as the real one. */
import { DEFAULT_VERSION } from "./version.ts";
import { type Heartbeat, HeartbeatSchema, PROTOCOL_VERSION } from "../../../../worker/protocol/heartbeat.ts";
import type { InstalledModel, ResidentModel } from "../../../../worker/protocol/ollama.ts";
import type { NodeView } from "../../../../worker/routing/candidate.ts";
import type { FleetNode } from "../catalogue/fleets.ts";
import type { ModelSpec } from "../catalogue/models.ts";
import type { Beat } from "../engine/policy.ts";

/** The maps and the figures of the beat change in place. */
export interface SimView extends NodeView {
	status: NodeView["status"];
	readonly beat: Heartbeat;
	readonly resident: Map<string, ResidentModel>;
	readonly unloadedAt: Map<string, number>;
	readonly inFlight: Map<string, number>;
	readonly latencyP75Ms: Map<string, number>;
}

const KEPT_FOREVER = "2319-01-01T00:00:00Z";

export function newView({ id, machine, models }: FleetNode, parallel: number): SimView {
	return {
		nodeId: id,
		status: "online",
		beat: firstBeat(id, machine, parallel),
		doorReachable: true,
		installed: new Map(models.map((model) => [model.name, installedOf(model)])),
		resident: new Map(),
		learnedContexts: new Map(),
		unloadedAt: new Map(),
		breakers: new Map(),
		inFlight: new Map(),
		latencyP75Ms: new Map(),
	};
}

/** Takes a beat in; returns the models that left memory. */
export function applyBeat(view: SimView, { resident, usedBytes }: Beat, now: number): string[] {
	const present = new Set(resident.map(({ model }) => model.name));
	const gone = [...view.resident.keys()].filter((model) => !present.has(model));
	for (const model of gone) view.unloadedAt.set(model, now * 1000);
	view.status = "online";
	view.resident.clear();
	for (const { model, bytes, isPinned } of resident) view.resident.set(model.name, residentOf(model, bytes, isPinned));
	const { memory, gpus } = view.beat;
	const card = gpus.find(({ unified }) => !unified);
	if (card) card.memory_used_bytes = Math.min(usedBytes, card.memory_total_bytes ?? 0);
	else memory.available_bytes = Math.max(0, memory.total_bytes - memory.used_bytes - usedBytes);
	return gone;
}

export function residentOf(model: ModelSpec, bytes: number, isPinned = false): ResidentModel {
	return { name: model.name, size: bytes, context_length: model.contextTokens, ...(isPinned && { expires_at: KEPT_FOREVER }) };
}

export function changeInFlight({ inFlight }: SimView, model: string, change: number): void {
	inFlight.set(model, (inFlight.get(model) ?? 0) + change);
}

function installedOf({ name, fileBytes, isEmbedding }: ModelSpec): InstalledModel {
	return { name, size: fileBytes, capabilities: [isEmbedding ? "embedding" : "completion"] };
}

/** A card's memory is not the machine's; without one, models take from that. `used_bytes` stays what all but the models hold. */
function firstBeat(id: string, machine: FleetNode["machine"], parallel: number): Heartbeat {
	const { ramBytes: total, ramBaselineBytes: used } = machine;
	const gpu = {
		id: "0",
		name: machine.kind,
		vendor: "other",
		unified: machine.engine === "unified",
		memory_total_bytes: machine.usableBytes,
	} as const;
	return HeartbeatSchema.parse({
		protocol: PROTOCOL_VERSION,
		node_id: id,
		machine_id: `machine-${id}`,
		agent_version: "0",
		sent_at: 0,
		platform: { os: "linux", arch: "x64", memory_bandwidth_gbps: machine.bandwidthGbps },
		cpu: {},
		memory: { total_bytes: total, used_bytes: used, available_bytes: total - used, pressure: "normal" },
		gpus: machine.engine === "cpu" ? [] : [{ ...gpu, memory_used_bytes: 0 }],
		thermal: { state: "nominal" },
		ollama: { state: "running", version: DEFAULT_VERSION, settings: { num_parallel: parallel }, models_loaded: [] },
	});
}
