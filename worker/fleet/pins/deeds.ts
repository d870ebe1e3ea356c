/** What a node's Ollama is to be told about its pins next. Pure. */
import type { ResidentModel } from "../../protocol/ollama.ts";
import { REASON_TEXT } from "../../routing/eligibility.ts";
import { canonicalName } from "../../routing/names.ts";
import type { Knowledge } from "../../routing/rule/knowledge.ts";
import { loadOutlook } from "../../routing/rule/load-outlook.ts";
import type { RuleNode } from "../../routing/rule/view.ts";
import { loadReasons } from "./choose-pin-node.ts";
import type { NodeRecord } from "../state.ts";

export type Deed =
	/** Into memory, to stay. */
	| { readonly kind: "load"; readonly model: string; readonly victims: readonly string[] }
	/** It is in memory, but not to stay: a request loaded it, or a client's `keep_alive` took the place of the pin's. */
	| { readonly kind: "keep"; readonly model: string }
	/** No longer pinned: it may go when it is idle, as any other. */
	| { readonly kind: "release"; readonly model: string };

export interface Duties {
	readonly pinned: ReadonlySet<string>;
	/** Told to stay by the router. */
	readonly kept: ReadonlySet<string>;
	readonly knowledge: Knowledge;
	/** Models that are not to be tried now. */
	readonly isHeld: (model: string) => boolean;
	/** Epoch milliseconds. */
	readonly now: number;
}

/** A model that others pushed out is brought back into room that is free at once, at their expense only after this time. */
const TURN_MS = 60_000;
/** `expires_at` of a model kept for good is some centuries off. */
const FOREVER_FROM = "2100";

export function nextDeed(node: NodeRecord, duties: Duties): Deed | undefined {
	for (const model of duties.pinned) {
		if (duties.isHeld(model)) continue;
		if (node.resident.has(model)) {
			if (mayLeave(node, model, duties) && !isBusy(node, model)) return { kind: "keep", model };
		} else if (obstacle(node, model, duties) === undefined) {
			return { kind: "load", model, victims: outlookFor(node, model, duties).victims };
		}
	}
	const leaving = [...duties.kept].find((model) => !duties.pinned.has(model) && !duties.isHeld(model) && node.resident.has(model));
	return leaving === undefined ? undefined : { kind: "release", model: leaving };
}

/** Why a pinned model that is not in memory stays out for now; undefined when nothing is in its way. */
export function obstacle(
	node: NodeRecord,
	model: string,
	duties: Pick<Duties, "pinned" | "kept" | "knowledge" | "now">,
): string | undefined {
	const [reason] = loadReasons(node, model);
	if (reason) return REASON_TEXT[reason];
	if (!node.installed.has(model)) return "the model is not on its disk";
	if (isLoading(node)) return "it loads another model";
	const { victims, isBlocked } = outlookFor(node, model, duties);
	const pinned = victims.find((victim) => duties.pinned.has(victim));
	if (pinned !== undefined) return `'${pinned}', pinned there too, would be pushed out`;
	if (isBlocked) return "there is no room beside the models at work";
	const turn = duties.now - (node.unloadedAt.get(model) ?? -Infinity) < TURN_MS;
	return victims.length > 0 && duties.kept.has(model) && turn ? `${victims.join(", ")} took its room less than a minute ago` : undefined;
}

/** A request or the router waits for a model to come into memory there. */
export function isLoading({ jobs, resident }: RuleNode): boolean {
	return jobs.some(({ model, firstTokenAt }) => firstTokenAt === undefined && !resident.has(model));
}

/** As the last beat listed it. Its `expires_at` counts down and up with each use, so anything but centuries is an end. */
function mayLeave(node: NodeRecord, model: string, { kept }: Duties): boolean {
	const listed = residentEntry(node, model);
	if (!listed) return false;
	return !kept.has(model) || (listed.expires_at !== undefined && listed.expires_at < FOREVER_FROM);
}

/** Its entry in Ollama's own list; undefined while only the router knows that it is there. */
export function residentEntry({ beat }: NodeRecord, model: string): ResidentModel | undefined {
	return beat.ollama.models_loaded.find(({ name }) => canonicalName(name) === model);
}

/** Its `expires_at` then says nothing. */
function isBusy({ jobs }: RuleNode, model: string): boolean {
	return jobs.some((job) => job.model === model);
}

function outlookFor(node: RuleNode, model: string, { knowledge, now }: Pick<Duties, "knowledge" | "now">) {
	const work = { node, jobs: node.jobs, backlogS: 0, stamp: 0 };
	return loadOutlook(work, { model, knowledge, now, copiesOf: () => 1 });
}
