/** What failed three times in a row is left alone. */
import { AT_ONCE, type Check } from "../check.ts";
import { isThere } from "../readings.ts";

const WHOLE_NODE = "*";

export const breakerOpen: Check = {
	id: "breaker_open",
	...AT_ONCE,
	find: ({ nodes }) =>
		nodes.filter(isThere).flatMap(({ nodeId, breakers }) =>
			breakers
				.filter(({ failures }) => failures > 0)
				.map(({ model, reason, failures }) => ({
					severity: model === WHOLE_NODE ? "critical" : "warning",
					title: model === WHOLE_NODE ? `${nodeId} is left alone` : `${model} is left alone on ${nodeId}`,
					description: `The last ${failures} tries there failed (${reason}). Others are preferred until one works again; it is tried by itself.`,
					fix: "The traces of the failed requests say what the machine answered; Ollama's log there says why.",
					nodeId,
					about: model,
					data: { model, reason, failures },
				})),
		),
};
