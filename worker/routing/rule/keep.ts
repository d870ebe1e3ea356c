/** What a model in memory is worth, in seconds: the load that somebody will soon wait for, and the prompts it remembers. Pure. */
import { ratesOf } from "../estimate/rates.ts";
import { demandFor } from "./demand.ts";
import { type Knowledge, noted } from "./knowledge.ts";
import type { Conversation } from "./prefix-index.ts";
import type { RuleNode } from "./view.ts";

/** A model asked for at least once in this time is worth a whole load. */
const SOON_S = 300;
const CONVERSATION_MAX_AGE_S = 300;
const CONVERSATION_FADES_S = 60;
const CONVERSATIONS_COUNTED = 20;
const KEPT_FOR_MS = 1_000;
/** More than any wait, so that a pinned model is pushed out only where no other node can serve at all. */
const PINNED_S = 100_000;

export interface KeepContext {
	readonly knowledge: Knowledge;
	/** Nodes that hold a model in memory. */
	readonly copiesOf: (model: string) => number;
	/** Epoch milliseconds. */
	readonly now: number;
}

export function keepS(node: RuleNode, model: string, context: KeepContext): number {
	const { knowledge, now } = context;
	if (knowledge.pinned.get(node.nodeId)?.has(model)) return PINNED_S;
	const key = `${node.nodeId}\n${model}`;
	return noted(knowledge.keep, key, { now, maxAgeMs: KEPT_FOR_MS }, () => worthS(node, model, context));
}

function worthS(node: RuleNode, model: string, { knowledge, copiesOf, now }: KeepContext): number {
	const rates = ratesOf(knowledge.estimates, node, model);
	const soon = Math.min(1, SOON_S * demandFor(knowledge.demand, model, now));
	const tokens = knowledge.prefixes
		.conversations(node.nodeId, model)
		.slice(-CONVERSATIONS_COUNTED)
		.reduce((sum, conversation) => sum + worthTokens(conversation, now), 0);
	return (soon * rates.loadS) / Math.max(1, copiesOf(model)) + tokens / rates.prefillTokensPerSecond;
}

/** Tokens that would have to be read again, times how likely the conversation goes on. */
function worthTokens({ tokens, endedAt, turns, requestClass }: Conversation, now: number): number {
	const ageS = (now - endedAt) / 1000;
	if (ageS >= CONVERSATION_MAX_AGE_S) return 0;
	const likely = requestClass === "batch" ? 0.1 : turns >= 2 ? 1 : 0.5;
	return likely * tokens * Math.exp(-ageS / CONVERSATION_FADES_S);
}
