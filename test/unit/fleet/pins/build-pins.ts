/** Nodes as the Fleet object knows them, with room that is easy to reckon with: models take what they weigh. */
import type { Pins } from "../../../../worker/fleet/pins/pins.ts";
import type { NodeRecord } from "../../../../worker/fleet/state.ts";
import type { Job } from "../../../../worker/routing/rule/view.ts";
import { node, type NodeFacts } from "../../build-node.ts";

export const GIB = 1024 ** 3;
export const LLAMA = "llama3.1:8b";
export const QWEN = "qwen2.5:7b";
export const BIG = "llama3.3:70b";

export interface PinNodeFacts extends NodeFacts {
	/** Absent: a machine without a graphics card. */
	usableGib?: number;
	maxLoaded?: number;
	status?: NodeRecord["status"];
	jobs?: readonly Job[];
	/** Of models in memory. */
	expiresAt?: string;
}

/** Sizes in `installed` and `resident` are GiB. */
export function pinNode({ usableGib, maxLoaded = 3, status = "online", jobs = [], expiresAt, ...facts }: PinNodeFacts = {}): NodeRecord {
	const made = node({ ...facts, installed: inBytes(facts.installed ?? facts.resident), resident: inBytes(facts.resident) });
	const neededBytes = new Map([...made.installed].map(([model, { size }]) => [model, size] as const));
	if (expiresAt !== undefined) for (const model of made.beat.ollama.models_loaded) model.expires_at = expiresAt;
	return { ...made, neededBytes, maxLoaded, status, jobs, ...(usableGib !== undefined && { usableBytes: usableGib * GIB }) };
}

export function byId(...nodes: NodeRecord[]): Map<string, NodeRecord> {
	return new Map(nodes.map((one) => [one.nodeId, one]));
}

/** `{a: ["x"]}` as pins. */
export function models(given: Record<string, string[]> = {}): Map<string, Set<string>> {
	return new Map(Object.entries(given).map(([nodeId, names]) => [nodeId, new Set(names)]));
}

export function pins(asked: Record<string, string[]> = {}, kept: Record<string, string[]> = {}): Pins {
	return { asked: models(asked), kept: models(kept) };
}

function inBytes(sizes: Record<string, number> = {}): Record<string, number> {
	return Object.fromEntries(Object.entries(sizes).map(([name, gib]) => [name, gib * GIB]));
}
