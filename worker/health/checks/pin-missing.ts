/** A model that is to stay in memory is not there. */
import { type Check, WHEN_IT_LASTS } from "../check.ts";

export const pinMissing: Check = {
	id: "pin_cannot_fit",
	...WHEN_IT_LASTS,
	find: ({ pins }) =>
		pins.map(({ nodeId, model, problem }) => ({
			severity: "warning",
			title: nodeId === "" ? `${model} is pinned, but nowhere` : `${model} is pinned on ${nodeId}, but not in memory`,
			description: problem,
			fix: "Unpin another model of that machine or this one (`DELETE /fleet/pin/MODEL`); /fleet/limits shows how much fits where.",
			...(nodeId !== "" && { nodeId }),
			about: model,
			data: { model, problem },
		})),
};
