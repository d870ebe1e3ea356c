/** What went wrong with models on nodes, and until when they are left alone: longer with each failure in a row. */

const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 600_000;

interface Setback {
	readonly failures: number;
	/** Epoch milliseconds. */
	readonly until: number;
	readonly why: string;
}

export class Setbacks {
	readonly #known = new Map<string, Setback>();

	note(nodeId: string, model: string, { why, now }: { why: string; now: number }): void {
		const failures = (this.#known.get(keyOf(nodeId, model))?.failures ?? 0) + 1;
		const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - 1));
		this.#known.set(keyOf(nodeId, model), { failures, until: now + pauseMs, why });
	}

	clear(nodeId: string, model: string): void {
		this.#known.delete(keyOf(nodeId, model));
	}

	isHeld(nodeId: string, model: string, now: number): boolean {
		return now < (this.#known.get(keyOf(nodeId, model))?.until ?? 0);
	}

	why(nodeId: string, model: string): string | undefined {
		return this.#known.get(keyOf(nodeId, model))?.why;
	}

	forgetNode(nodeId: string): void {
		for (const key of this.#known.keys()) if (key.startsWith(keyOf(nodeId, ""))) this.#known.delete(key);
	}
}

function keyOf(nodeId: string, model: string): string {
	return `${nodeId}\n${model}`;
}
