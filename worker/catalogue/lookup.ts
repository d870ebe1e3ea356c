/** What is known beforehand of models that could be pulled, from a snapshot of Ollama's library. Pure. */
import catalogue from "./models.json" with { type: "json" };

export const CATEGORIES = ["general", "coding", "reasoning", "vision", "creative", "fast-chat", "embedding"] as const;
export type Category = (typeof CATEGORIES)[number];

export interface Benchmark {
	readonly name: string;
	/** Percent; mostly the maker's own word, at full precision. */
	readonly score: number;
	readonly source: string;
}

export interface CatalogueModel {
	/** This very name, spelled as the registry spells it: a model has several, and each is installed as itself. */
	readonly name: string;
	/** The one that is recommended, whatever it is called here. */
	readonly mainName: string;
	readonly sizeBytes: number;
	readonly contextTokens: number;
	readonly capabilities: readonly string[];
	readonly quantization: string | undefined;
	/** Billions; of a mixture of experts, `activeB` is what a token passes through. */
	readonly paramsB: number | undefined;
	readonly activeB: number | undefined;
	readonly kvBytesPerToken: number | undefined;
	readonly category: Category;
	readonly secondary: readonly string[];
	/** That its name and size were read at their source. */
	readonly isSeen: boolean;
	readonly benchmarks: readonly Benchmark[];
}

const BY_NAME = new Map(catalogue.models.flatMap(entriesOf));

/** `name` is canonical. Most of the library is not in here, nor anything newer than the snapshot. */
export function catalogued(name: string): CatalogueModel | undefined {
	return BY_NAME.get(name);
}

/** Each once, under its main name. */
export function catalogueModels(): CatalogueModel[] {
	return [...BY_NAME.values()].filter(({ name, mainName }) => name === mainName);
}

type Entry = (typeof catalogue.models)[number];

function entriesOf(entry: Entry) {
	const { name, also = [], size_bytes: sizeBytes, context: contextTokens, capabilities, secondary = [] } = entry;
	const facts = {
		mainName: name,
		sizeBytes,
		contextTokens,
		capabilities,
		quantization: entry.quant,
		paramsB: entry.params_b,
		activeB: entry.active_b,
		kvBytesPerToken: entry.kv_bytes_per_token,
		category: CATEGORIES.find((one) => one === entry.category) ?? "general",
		secondary,
		isSeen: entry.confidence === "seen",
		benchmarks: (entry.benchmarks ?? []).map((one) => ({ ...one, source: catalogue.sources[one.source] ?? "" })),
	};
	return [name, ...also].map((spelled) => [keyOf(spelled), { name: spelled, ...facts }] as const);
}

/** The canonical form, for names that have no host and no namespace. */
function keyOf(name: string): string {
	const lower = name.toLowerCase();
	return lower.includes(":") ? lower : `${lower}:latest`;
}
