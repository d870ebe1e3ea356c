/** Requests got no place at all. */
import { type Check, OVER_THE_HOUR } from "../check.ts";
import { count, grouped, lastHour, listed } from "../readings.ts";

const WORDS: Readonly<Record<string, string>> = {
	"queue-full": "the queue was full",
	"timed-out": "they had waited too long",
	"no-node": "no machine that has the model could take them",
};

export const requestsRefused: Check = {
	id: "requests_refused",
	...OVER_THE_HOUR,
	find: (facts) => {
		const refused = lastHour(facts).filter(({ status, refusal }) => status === "rejected" && Object.hasOwn(WORDS, refusal ?? ""));
		return [...grouped(refused, ({ refusal }) => refusal ?? "")].map(([refusal, requests]) => ({
			severity: "warning" as const,
			title: `${count(requests.length, "request")} got no place`,
			description: `Within the hour, as ${WORDS[refusal]}: ${listed([...new Set(requests.map(({ askedFor }) => askedFor))])}.`,
			fix:
				refusal === "no-node"
					? "The cards of the machines say what keeps them from taking work; `herd explain MODEL` says it for one model."
					: "Add places: the model on another machine, or OLLAMA_NUM_PARALLEL; FLEET_QUEUE_MAX and FLEET_QUEUE_TIMEOUT_S only move the moment of refusing.",
			about: refusal,
			data: { refusal, requests: requests.length },
		}));
	},
};
