/**
 * How far the priors are off, by node and by model: what one node shows of a model, or one model of a node, is worth knowing where the
 * two have not met yet. (A mixture of experts is several times as fast as its file suggests, on every node.) Pure over the estimates.
 */
import type { Estimates, Speed } from "./estimates.ts";

/** A model's own nature explains more than a node's: priors know the node's bandwidth. */
const MODEL_STEP = 0.6;
const NODE_STEP = 0.25;
/** Beyond this a figure was no measurement. */
const LARGEST = Math.log(8);

/** To multiply a prior with; 1 as long as nothing is known. */
export function skewOf({ skews }: Estimates, speed: Speed, nodeId: string, model: string): number {
	const { byNode, byModel } = skews[speed];
	const node = byNode[nodeId];
	const kind = byModel[model];
	return node === undefined && kind === undefined ? 1 : Math.exp((node ?? 0) + (kind ?? 0));
}

/** The first measurement of a pair, over its prior without any skew. */
export function learnSkew(
	{ skews }: Estimates,
	speed: Speed,
	{ nodeId, model, ratio }: { nodeId: string; model: string; ratio: number },
): void {
	if (!Number.isFinite(ratio) || ratio <= 0) return;
	const { byNode, byModel } = skews[speed];
	const [node, kind] = [byNode[nodeId] ?? 0, byModel[model] ?? 0];
	const error = Math.min(LARGEST, Math.max(-LARGEST, Math.log(ratio))) - node - kind;
	byNode[nodeId] = node + NODE_STEP * error;
	byModel[model] = kind + MODEL_STEP * error;
}
