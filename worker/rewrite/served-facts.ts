/** What the rewrites must know of the chosen node and model; small enough to travel with a grant. Pure. */
import { candidateOf, type NodeView } from "../routing/candidate.ts";
import { canonicalName } from "../routing/names.ts";
import { defaultContext } from "./default-context.ts";

/** Per slot, as `/api/ps` says. `none`: not in memory. `unknown`: not said, or two runners of it differ. */
export type ResidentContext = number | "none" | "unknown";

export interface ServedFacts {
	/** As the node lists it. */
	readonly model: string;
	readonly nodeId: string;
	readonly residentContext: ResidentContext;
	/** What the node gives the model when nobody asks; absent when it can't be told. */
	readonly defaultContext: number | undefined;
	/** More than this a model can't use. */
	readonly trainedContext: number | undefined;
	readonly capabilities: readonly string[] | undefined;
	readonly ollamaVersion: string | undefined;
}

export function servedFacts(node: NodeView, model: string): ServedFacts {
	const { installed, resident } = candidateOf(node, canonicalName(model));
	const trainedContext = installed?.details?.context_length ?? resident?.details?.context_length;
	return {
		model: installed?.name ?? resident?.name ?? model,
		nodeId: node.nodeId,
		residentContext: residentContext(node, model),
		defaultContext: defaultContext(node.beat, trainedContext),
		trainedContext,
		capabilities: installed?.capabilities ?? undefined,
		ollamaVersion: node.beat.ollama.version,
	};
}

export function residentContext(node: NodeView, model: string): ResidentContext {
	const name = canonicalName(model);
	if (node.learnedContexts.has(name)) return node.learnedContexts.get(name) ?? "unknown";
	const runners = node.beat.ollama.models_loaded.filter((runner) => canonicalName(runner.name) === name);
	const contexts = new Set(runners.map(({ context_length }) => context_length));
	const [context] = contexts;
	if (runners.length === 0) return node.resident.has(name) ? "unknown" : "none";
	return contexts.size === 1 && context ? context : "unknown";
}
