/** A model on a machine, as choices between models see it. Pure. */
import type { NodeView } from "../routing/candidate.ts";
import { canonicalName } from "../routing/names.ts";
import type { InstalledModel, ResidentModel } from "../protocol/ollama.ts";
import { residentContext } from "./served-facts.ts";

/** The usual four to five bits each. */
const BYTES_PER_BILLION = 0.6e9;
const BILLIONS_PER_UNIT: Record<string, number> = { K: 1e-6, M: 1e-3, B: 1, T: 1e3 };

export interface FleetModel {
	/** As the machine lists it: one of Ollama's routes minds letter case. */
	readonly name: string;
	readonly nodeId: string;
	readonly loaded: boolean;
	/** The file on disk where known, else the memory it takes, which grows with the context. */
	readonly sizeBytes: number;
	/** Per slot, of a loaded model; absent when not certain. */
	readonly contextLength?: number | undefined;
	readonly capabilities?: readonly string[] | undefined;
	/** Ollama's words: `8.0B`, `137M`. */
	readonly parameterSize?: string | undefined;
	/** From a catalogue; else guessed from the name. */
	readonly category?: string | undefined;
	/** From a catalogue, 0 to 100. */
	readonly quality?: number | undefined;
}

/** All models of a node, on disk or in memory. The caller leaves out nodes that take no work. */
export function modelsOn(node: NodeView): FleetModel[] {
	const names = new Set([...node.installed.keys(), ...node.resident.keys()]);
	return [...names].map((name) => fleetModel(node, name));
}

export function fleetModel(node: NodeView, model: string): FleetModel {
	const name = canonicalName(model);
	const [installed, resident] = [node.installed.get(name), node.resident.get(name)];
	const context = residentContext(node, name);
	return {
		name: installed?.name ?? resident?.name ?? model,
		nodeId: node.nodeId,
		loaded: resident !== undefined,
		sizeBytes: installed?.size ?? resident?.size ?? 0,
		contextLength: typeof context === "number" ? context : undefined,
		capabilities: installed?.capabilities ?? undefined,
		parameterSize: parameterSizeOf(installed, resident),
	};
}

/** Billions of parameters; judged by the file where Ollama does not say. */
export function billionsOf({ parameterSize, sizeBytes }: FleetModel): number {
	const said = /^([\d.]+)\s*([KMBT])$/i.exec(parameterSize?.trim() ?? "");
	const unit = BILLIONS_PER_UNIT[said?.[2]?.toUpperCase() ?? ""];
	return unit === undefined ? sizeBytes / BYTES_PER_BILLION : Number(said?.[1]) * unit;
}

function parameterSizeOf(installed: InstalledModel | undefined, resident: ResidentModel | undefined): string | undefined {
	return installed?.details?.parameter_size ?? resident?.details?.parameter_size;
}
