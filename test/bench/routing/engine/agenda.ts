/** What happens when: a binary heap by time, then by order of entry, so that equal runs are equal. */

interface Entry {
	readonly at: number;
	readonly order: number;
	readonly happen: () => void;
}

export class Agenda {
	readonly #heap: Entry[] = [];
	#order = 0;

	add(at: number, happen: () => void): void {
		const entry = { at, order: this.#order++, happen };
		let index = this.#heap.push(entry) - 1;
		while (index > 0) {
			const parent = (index - 1) >> 1;
			const above = this.#heap[parent];
			if (!above || !isBefore(entry, above)) break;
			this.#heap[index] = above;
			index = parent;
		}
		this.#heap[index] = entry;
	}

	next(): Entry | undefined {
		const [first] = this.#heap;
		const last = this.#heap.pop();
		if (first && last && first !== last) this.#sink(last);
		return first;
	}

	#sink(entry: Entry): void {
		const heap = this.#heap;
		let index = 0;
		for (;;) {
			let child = 2 * index + 1;
			const [left, right] = [heap[child], heap[child + 1]];
			if (!left) break;
			if (right && isBefore(right, left)) child++;
			const below = heap[child];
			if (!below || !isBefore(below, entry)) break;
			heap[index] = below;
			index = child;
		}
		heap[index] = entry;
	}
}

function isBefore(a: Entry, b: Entry): boolean {
	return a.at < b.at || (a.at === b.at && a.order < b.order);
}
