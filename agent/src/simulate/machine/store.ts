/** The models on a simulated machine's disk. */
import { modelNamed, type ModelSpec } from "../models.ts";
import { nameKey, parseName, shortName } from "./names.ts";
import { sha256Hex } from "./random.ts";

export interface Installed {
	/** As lists show it. */
	name: string;
	spec: ModelSpec;
	digest: string;
	modifiedAt: Date;
}

/** Age of the models a machine starts with: one a day, so that their order in lists is fixed. */
const DAY_MS = 86_400_000;

export class ModelStore {
	readonly #installed = new Map<string, Installed>();
	readonly #edition: string;

	/** Another edition has other digests under the same names, as machines that pulled at different times have. */
	constructor(specs: readonly ModelSpec[], now: number, edition = "") {
		this.#edition = edition;
		specs.forEach((spec, index) => this.add(spec.name, spec, new Date(now - (index + 1) * DAY_MS)));
	}

	static named(names: readonly string[], now: number, edition?: string): ModelStore {
		return new ModelStore(names.map(modelNamed), now, edition);
	}

	/** Newest first, as `/api/tags` sorts. */
	list(): Installed[] {
		return [...this.#installed.values()].toSorted((one, other) => other.modifiedAt.getTime() - one.modifiedAt.getTime());
	}

	find(text: string): Installed | undefined {
		const name = parseName(text);
		return name && this.#installed.get(nameKey(name));
	}

	add(text: string, spec: ModelSpec, modifiedAt: Date): void {
		const name = parseName(text);
		if (!name) throw new Error(`"${text}" is no model name`);
		const digest = sha256Hex(`manifest of ${spec.name}${this.#edition}`);
		this.#installed.set(nameKey(name), { name: shortName(name), spec, digest, modifiedAt });
	}

	remove(text: string): boolean {
		const name = parseName(text);
		return name !== undefined && this.#installed.delete(nameKey(name));
	}
}
