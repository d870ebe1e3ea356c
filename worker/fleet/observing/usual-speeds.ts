/** How fast each model usually writes on each machine: a mean that follows slowly, so that "slower than usual" means something. */
import type { RecentRequest, SpeedFacts } from "../../health/facts.ts";

/** After so many a mean is one; from then on a new speed takes some hundred requests to become the usual one. */
const WARM = 20;
const SLOWNESS = 100;
const MOST_PAIRS = 500;

export class UsualSpeeds {
	readonly #pairs = new Map<string, SpeedFacts>();

	add({ nodeId, model, tokensPerSecond }: RecentRequest): void {
		if (tokensPerSecond === undefined) return;
		const key = `${nodeId}\n${model}`;
		const before = this.#pairs.get(key);
		if (!before && this.#pairs.size >= MOST_PAIRS) return;
		const samples = (before?.samples ?? 0) + 1;
		const usual = before?.usualTokensPerSecond ?? tokensPerSecond;
		const weight = 1 / (samples <= WARM ? samples : SLOWNESS);
		this.#pairs.set(key, { nodeId, model, samples, usualTokensPerSecond: usual + weight * (tokensPerSecond - usual) });
	}

	/** Machines that were forgotten take theirs with them. */
	keepOnly(nodes: ReadonlyMap<string, unknown>): void {
		for (const [key, { nodeId }] of this.#pairs) if (!nodes.has(nodeId)) this.#pairs.delete(key);
	}

	all(): SpeedFacts[] {
		return [...this.#pairs.values()];
	}
}
