/** Whether one more pinned model goes beside those a node has: they must all fit at once. Pure. */
import { candidateOf } from "../../routing/candidate.ts";
import type { RuleNode } from "../../routing/rule/view.ts";

const GIB = 1024 ** 3;
/** Ollama loads a model beside others only into four fifths of what is free: pins within that never push one another out. */
const PINNABLE_RATIO = 0.8;

export interface Budget {
	readonly nodeId: string;
	readonly model: string;
	readonly neededBytes: number;
	/** The other pins of the node. */
	readonly others: readonly { readonly model: string; readonly bytes: number }[];
	/** What models can use there at all. */
	readonly usableBytes: number;
	readonly maxLoaded: number;
}

export function budgetFor(node: RuleNode, model: string, pinned: ReadonlySet<string> = new Set()): Budget {
	const others = [...pinned].filter((other) => other !== model);
	return {
		nodeId: node.nodeId,
		model,
		neededBytes: footprint(node, model),
		others: others.map((other) => ({ model: other, bytes: footprint(node, other) })),
		usableBytes: usableBytesOf(node),
		maxLoaded: node.maxLoaded,
	};
}

/** What pins may take beyond those that are there with the new one; negative: too little. */
export function spareBytes(budget: Budget): number {
	return PINNABLE_RATIO * budget.usableBytes - othersBytes(budget) - budget.neededBytes;
}

export function isAdmitted(budget: Budget): boolean {
	return spareBytes(budget) >= 0 && budget.others.length < budget.maxLoaded;
}

/** What pins may take on a node in all. */
export function pinnableBytes(node: RuleNode): number {
	return PINNABLE_RATIO * usableBytesOf(node);
}

/** The arithmetic of a refusal. */
export function refusalText(budget: Budget): string {
	const { nodeId, model, neededBytes, others, usableBytes, maxLoaded } = budget;
	const named = others.map((other) => `${other.model} ${gb(other.bytes)}`).join(", ");
	if (others.length >= maxLoaded)
		return `node "${nodeId}" can't pin model '${model}': its Ollama holds at most ${maxLoaded} models, and as many are pinned there (${named})`;
	const taken = others.length > 0 ? `, ${gb(othersBytes(budget))} GB are pinned there (${named})` : ", nothing is pinned there";
	const limit = `pins may take ${gb(PINNABLE_RATIO * usableBytes)} GB (80 % of the ${gb(usableBytes)} GB that models can use)`;
	return `node "${nodeId}" can't pin model '${model}': it needs ${gb(neededBytes)} GB${taken}, and ${limit}`;
}

/** Memory the model takes there: as seen last, else as reckoned. */
export function footprint(node: RuleNode, model: string): number {
	return node.neededBytes.get(model) ?? candidateOf(node, model).sizeBytes;
}

/** Ollama does not look where there is no graphics card; what would swap is of no use all the same. */
function usableBytesOf({ usableBytes, beat }: RuleNode): number {
	return usableBytes ?? beat.memory.total_bytes;
}

function othersBytes({ others }: Budget): number {
	return others.reduce((sum, { bytes }) => sum + bytes, 0);
}

function gb(bytes: number): string {
	return (bytes / GIB).toFixed(1);
}
