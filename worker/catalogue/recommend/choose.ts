/** The best model for a purpose on one node, within its memory, its disk and a speed that somebody can bear. Pure. */
import { catalogueModels, type CatalogueModel, type Category } from "../lookup.ts";
import { qualities } from "../quality.ts";
import type { InstalledFact, Speed } from "./facts.ts";
import type { Shelf } from "./shelf.ts";

/** People read some five words a second; thoughts come before the first of them. */
const LEAST_TOKENS_PER_SECOND: Partial<Record<Category, number>> = { "fast-chat": 25, reasoning: 12, embedding: 0 };
const USUALLY_LEAST = 8;
/** One model may fill so much of a node that is to serve several purposes. */
const SHARE_OF_ONE = 0.5;
/** In points of quality. */
const INSTALLED_BONUS = 4;
const COPY_MALUS = 8;
const SIDELINE_MALUS = 6;
/** Without a known benchmark: behind every model that has one, larger before smaller. */
const UNKNOWN_QUALITY = -100;

const MODELS = catalogueModels();
const QUALITY = qualities(MODELS);

export interface Choice {
	readonly model: CatalogueModel;
	/** To pull it by, or as it is installed. */
	readonly name: string;
	readonly canonical: string;
	readonly neededBytes: number;
	readonly speed: Speed;
	readonly going: readonly InstalledFact[];
}

export interface Wish {
	readonly category: Category;
	/** How many nodes have each model, by canonical name, the plans so far included. */
	readonly copies: ReadonlyMap<string, number>;
	/** May fill the node alone, where it would else serve nothing. */
	readonly mayFill: boolean;
}

export function qualityOf({ mainName }: CatalogueModel): number | undefined {
	return QUALITY.get(mainName);
}

export function bestFor(shelf: Shelf, wish: Wish): Choice | undefined {
	const possible = MODELS.filter((model) => model.isSeen && serves(model, wish.category)).flatMap(
		(model) => possibleOn(shelf, model, { ...wish, name: model.mainName }) ?? [],
	);
	const ranked = possible.map((choice) => ({ choice, worth: worthOf(shelf, choice, wish) }));
	return ranked.toSorted((a, b) => b.worth - a.worth || a.choice.neededBytes - b.choice.neededBytes)[0]?.choice;
}

/** As it stands on the node, whether or not it is the best. */
export function possibleOn(
	shelf: Shelf,
	model: CatalogueModel,
	{ category, mayFill, name }: Pick<Wish, "category" | "mayFill"> & { name: string },
): Choice | undefined {
	const canonical = tagged(name);
	const neededBytes = shelf.node.neededBytes(model);
	const most = mayFill ? shelf.node.usableBytes : SHARE_OF_ONE * shelf.node.usableBytes;
	if (neededBytes > Math.min(shelf.memoryLeft, most)) return undefined;
	const speed = shelf.node.speedOf(model);
	if (speed.tokensPerSecond < (LEAST_TOKENS_PER_SECOND[category] ?? USUALLY_LEAST)) return undefined;
	const going = shelf.toDelete(model, canonical);
	return going && { model, name, canonical, neededBytes, speed, going };
}

/** Names without a tag are installed with one. */
function tagged(name: string): string {
	const lower = name.toLowerCase();
	return lower.includes(":") ? lower : `${lower}:latest`;
}

/** A model that sees, or writes code beside other things, is no bad one for that. */
export function serves({ category, secondary }: CatalogueModel, wanted: Category): boolean {
	return category === wanted || secondary.includes(wanted);
}

function worthOf(shelf: Shelf, { model, canonical }: Choice, { category, copies }: Wish): number {
	const quality = qualityOf(model) ?? UNKNOWN_QUALITY + Math.log10(model.sizeBytes);
	const installed = shelf.has(canonical) ? INSTALLED_BONUS : 0;
	const sideline = model.category === category ? 0 : SIDELINE_MALUS;
	return quality + installed - sideline - COPY_MALUS * (copies.get(canonical) ?? 0);
}
