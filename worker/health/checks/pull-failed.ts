/** A model that was asked for could not be pulled. */
import { type Check } from "../check.ts";

export const pullFailed: Check = {
	id: "pull_failed",
	firesAfterMs: 0,
	// The failure itself is shown for a minute only
	clearsAfterMs: 15 * 60_000,
	find: ({ pulls }) =>
		pulls
			.filter(({ status }) => status === "failed")
			.map(({ model, node_id: nodeId, error }) => ({
				severity: "warning",
				title: `${model} could not be pulled`,
				description: error ?? "The pull ended before the model was there.",
				fix: "If the registry can't be reached, look at that machine's network and proxy; if the disk is full, make room. The next request for it tries again.",
				...(nodeId !== null && { nodeId }),
				about: model,
				data: { model, error: error ?? null },
			})),
};
