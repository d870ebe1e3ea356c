/** A machine fails more than now and then. */
import { type Check, OVER_THE_HOUR } from "../check.ts";
import { count, grouped, lastHour, listed, percent } from "../readings.ts";

const FEWEST = 10;
const SOME_RATIO = 0.05;
const MANY_RATIO = 0.25;

export const errorRate: Check = {
	id: "high_error_rate",
	...OVER_THE_HOUR,
	find: (facts) =>
		[...grouped(lastHour(facts), ({ nodeId }) => nodeId)].flatMap(([nodeId, requests]) => {
			const failed = requests.filter(({ status }) => status === "failed");
			const ratio = failed.length / requests.length;
			if (nodeId === "" || requests.length < FEWEST || ratio < SOME_RATIO) return [];
			const models = [...new Set(failed.map(({ model }) => model))];
			return [
				{
					severity: ratio >= MANY_RATIO ? "critical" : "warning",
					title: `Requests fail on ${nodeId}`,
					description: `${failed.length} of the last ${count(requests.length, "request")} within the hour (${percent(ratio)}) failed there: ${listed(models)}.`,
					fix: "The traces of the failed ones hold the machine's own words; Ollama's log there says more. Updating Ollama or pulling the model anew often helps.",
					nodeId,
					data: { failed: failed.length, requests: requests.length, rate_pct: Math.round(ratio * 1000) / 10, models },
				},
			];
		}),
};
