/** The memory and disk of one node while a plan for it is made. */
import type { CatalogueModel } from "../lookup.ts";
import type { InstalledFact, NodeFacts } from "./facts.ts";

const GIB = 1024 ** 3;
/** A disk filled to its last byte stops more than Ollama. */
const DISK_SPARE_BYTES = 2 * GIB;
/** What was used within a week is wanted. */
const DELETABLE_AFTER_DAYS = 7;

export class Shelf {
	readonly node: NodeFacts;
	memoryLeft: number;
	#diskLeft: number;
	readonly #chosen = new Set<string>();
	readonly #deleted = new Set<string>();

	constructor(node: NodeFacts) {
		this.node = node;
		this.memoryLeft = node.usableBytes;
		this.#diskLeft = node.disk ? node.disk.availableBytes - DISK_SPARE_BYTES : Infinity;
	}

	has(model: string): boolean {
		return this.node.installed.some((one) => one.model === model) && !this.#deleted.has(model);
	}

	/** What must go first; undefined when there is no room on the disk whatever goes. */
	toDelete({ mainName, sizeBytes }: CatalogueModel, canonical: string): readonly InstalledFact[] | undefined {
		if (this.has(canonical) || sizeBytes <= this.#diskLeft) return [];
		const going: InstalledFact[] = [];
		let left = this.#diskLeft;
		for (const one of this.#deletable(mainName)) {
			going.push(one);
			left += one.sizeBytes;
			if (sizeBytes <= left) return going;
		}
		return undefined;
	}

	take(canonical: string, { needed, pulls, going }: { needed: number; pulls: number; going: readonly InstalledFact[] }): void {
		this.memoryLeft -= needed;
		this.#chosen.add(canonical);
		for (const { model, sizeBytes } of going) {
			this.#deleted.add(model);
			this.#diskLeft += sizeBytes;
		}
		this.#diskLeft -= pulls;
	}

	/** The longest unused first, of those the largest. */
	#deletable(wanted: string): InstalledFact[] {
		return this.node.installed
			.filter(({ model, isKept }) => !isKept && model !== wanted && !this.#chosen.has(model) && !this.#deleted.has(model))
			.filter(({ daysUnused = Infinity }) => daysUnused >= DELETABLE_AFTER_DAYS)
			.toSorted((a, b) => (b.daysUnused ?? 1e9) - (a.daysUnused ?? 1e9) || b.sizeBytes - a.sizeBytes);
	}
}
