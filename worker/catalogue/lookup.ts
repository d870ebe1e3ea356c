/** What is known beforehand of models that could be pulled, from a snapshot of Ollama's library. Pure. */
import catalogue from "./models.json" with { type: "json" };

export interface CatalogueModel {
	/** This very name, spelled as the registry spells it: a model has several, and each is installed as itself. */
	readonly name: string;
	readonly sizeBytes: number;
	readonly contextTokens: number;
	readonly capabilities: readonly string[];
	readonly category: string;
}

const BY_NAME = new Map(catalogue.models.flatMap(entriesOf));

/** `name` is canonical. Most of the library is not in here, nor anything newer than the snapshot. */
export function catalogued(name: string): CatalogueModel | undefined {
	return BY_NAME.get(name);
}

type Entry = (typeof catalogue.models)[number];

function entriesOf({ name, also = [], size_bytes: sizeBytes, context: contextTokens, capabilities, category }: Entry) {
	return [name, ...also].map((spelled) => [keyOf(spelled), { name: spelled, sizeBytes, contextTokens, capabilities, category }] as const);
}

/** The canonical form, for names that have no host and no namespace. */
function keyOf(name: string): string {
	const lower = name.toLowerCase();
	return lower.includes(":") ? lower : `${lower}:latest`;
}
