/** The constants of the rule that somebody may want to change; the values are the routing study's (sections 1 and 3). */
import type { RequestClass } from "../../protocol/inference.ts";

export interface RuleSettings {
	/** What a second of a pushed-out model's value counts beside a second of waiting. 0 reloads without end. */
	readonly evictWeight: number;
	/** How far above the cheapest candidate the shortlist reaches: the larger of both. */
	readonly shortlistS: number;
	readonly shortlistRatio: number;
	/** How many requests more than one model has places a node takes over all its models. */
	readonly extraBusy: Readonly<Record<RequestClass, number>>;
	/** Seconds of work that a second of waiting makes up for in the queue. */
	readonly ageing: number;
	/** Seconds added to the rank of a flooding key's requests for each second of work it got lately; 0 is off. */
	readonly fairShare: number;
	/** A batch request that waited this long goes before interactive ones; absent: never. */
	readonly batchMaxWaitS?: number;
}

export const RULE_DEFAULTS: RuleSettings = {
	evictWeight: 8,
	shortlistS: 1,
	shortlistRatio: 0.25,
	extraBusy: { interactive: 1, agent: 1, batch: 0 },
	ageing: 0.5,
	fairShare: 0.3,
};
