/** Ollama runs and does not answer even small questions. */
import { type Check, WHEN_IT_LASTS } from "../check.ts";
import { nodesThere } from "../readings.ts";

export const ollamaUnresponsive: Check = {
	id: "ollama_unresponsive",
	...WHEN_IT_LASTS,
	find: (facts) =>
		nodesThere(facts)
			.filter(({ beat }) => beat.ollama.state === "busy" || beat.ollama.state === "starting")
			.map(({ nodeId, beat }) => ({
				severity: "warning",
				title: `Ollama on ${nodeId} does not answer`,
				description:
					beat.ollama.state === "busy"
						? "Its port is open, but its lists do not come in time."
						: "It has been starting for longer than that takes.",
				fix: "The machine may swap or load something large. If it stays so, restart Ollama there.",
				nodeId,
				data: { state: beat.ollama.state },
			})),
};
