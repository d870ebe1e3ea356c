/** Which models are to stay in memory, and where. Names are canonical. Pure but for the changes to the pins given. */
import * as z from "zod";
import type { FleetState } from "../state.ts";

/** Models by node id; a node without any is not in it. */
export type ModelsByNode = Map<string, Set<string>>;

export interface Pins {
	/** Asked for at run time. Those of `FLEET_PINNED_MODELS` are not in it. */
	readonly asked: ModelsByNode;
	/** What the router has told Ollama to keep for good: once it is no longer pinned, that is taken back. */
	readonly kept: ModelsByNode;
}

export function noPins(): Pins {
	return { asked: new Map(), kept: new Map() };
}

/** False when it was there already. */
export function addTo(models: ModelsByNode, nodeId: string, model: string): boolean {
	const known = models.get(nodeId);
	if (known?.has(model)) return false;
	models.set(nodeId, new Set([...(known ?? []), model]));
	return true;
}

/** False when it was not there. */
export function removeFrom(models: ModelsByNode, nodeId: string, model: string): boolean {
	const known = models.get(nodeId);
	if (!known?.delete(model)) return false;
	if (known.size === 0) models.delete(nodeId);
	return true;
}

export function nodesWith(models: ModelsByNode, model: string): string[] {
	return [...models].filter(([, names]) => names.has(model)).map(([nodeId]) => nodeId);
}

/** Asked for and of the environment together. `assigned`: the node of each model of the environment. */
export function allPins({ asked }: Pins, assigned: ReadonlyMap<string, string>): ModelsByNode {
	const all: ModelsByNode = new Map([...asked].map(([nodeId, models]) => [nodeId, new Set(models)]));
	for (const [model, nodeId] of assigned) addTo(all, nodeId, model);
	return all;
}

/** Names as the nodes write them, in order. */
export function namesByNode(models: ModelsByNode, { nodes }: Pick<FleetState, "nodes">): Record<string, string[]> {
	const named = [...models].map(([nodeId, names]) => {
		const installed = nodes.get(nodeId)?.installed;
		return [nodeId, [...names].map((model) => installed?.get(model)?.name ?? model).toSorted()] as const;
	});
	return Object.fromEntries(named.toSorted(([a], [b]) => a.localeCompare(b)));
}

const Saved = z.record(z.string(), z.array(z.string()));
const SavedPins = z.object({ asked: Saved, kept: Saved });

/** JSON in, JSON out. What can't be read is no pin. */
export function fromSaved(value: unknown): Pins {
	const { success, data } = SavedPins.safeParse(value);
	return success ? { asked: toMap(data.asked), kept: toMap(data.kept) } : noPins();
}

export function toSaved({ asked, kept }: Pins): z.infer<typeof SavedPins> {
	return { asked: toPlain(asked), kept: toPlain(kept) };
}

function toPlain(models: ModelsByNode): z.infer<typeof Saved> {
	return Object.fromEntries([...models].map(([nodeId, names]) => [nodeId, [...names]]));
}

function toMap(saved: z.infer<typeof Saved>): ModelsByNode {
	return new Map(Object.entries(saved).map(([nodeId, names]) => [nodeId, new Set(names)]));
}
