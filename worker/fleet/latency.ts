/** How long a model's requests took on a node, from its last requests; feeds the wait signal. In memory only. */

const KEPT = 200;

export class LatencyHistory {
	readonly #rings = new Map<string, number[]>();

	/** Adds one request's latency without its queueing, and returns the new 75th percentile in milliseconds. */
	add(nodeId: string, model: string, latencyMs: number): number {
		const key = `${nodeId}:${model}`;
		const ring = this.#rings.get(key) ?? [];
		ring.push(latencyMs);
		if (ring.length > KEPT) ring.shift();
		this.#rings.set(key, ring);
		return percentile75(ring);
	}
}

/** The element three quarters up the sorted list. */
function percentile75(values: readonly number[]): number {
	const sorted = values.toSorted((a, b) => a - b);
	return sorted[Math.min(Math.floor(sorted.length * 0.75), sorted.length - 1)] ?? 0;
}
