/** Answers that broke off in the middle. */
import { type Check, OVER_THE_HOUR } from "../check.ts";
import { count, grouped, lastHour } from "../readings.ts";

const FEWEST = 2;

export const incompleteStreams: Check = {
	id: "incomplete_streams",
	...OVER_THE_HOUR,
	find: (facts) => {
		const broken = lastHour(facts).filter(({ status }) => status === "incomplete");
		return [...grouped(broken, ({ nodeId }) => nodeId)]
			.filter(([, requests]) => requests.length >= FEWEST)
			.map(([nodeId, requests]) => ({
				severity: "warning" as const,
				title: `Answers of ${nodeId} break off`,
				description: `${count(requests.length, "answer")} within the hour ended without their end: ${[...new Set(requests.map(({ model }) => model))].join(", ")}.`,
				fix: "Mostly Ollama's runner died for want of memory: its log there says so. A smaller context or OLLAMA_NUM_PARALLEL leaves it more.",
				nodeId,
				data: { incomplete: requests.length },
			}));
	},
};
