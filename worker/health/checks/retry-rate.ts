/** Many requests need a second machine. */
import { type Check, OVER_THE_HOUR } from "../check.ts";
import { lastHour } from "../readings.ts";

const FEWEST = 10;
const SOME = 0.3;
const MANY = 0.5;

export const retryRate: Check = {
	id: "high_retry_rate",
	...OVER_THE_HOUR,
	find: (facts) => {
		const requests = lastHour(facts);
		const retries = requests.reduce((sum, { failures }) => sum + failures.length, 0);
		const rate = retries / requests.length;
		if (requests.length < FEWEST || rate < SOME) return [];
		return [
			{
				severity: rate >= MANY ? "warning" : "info",
				title: "Many requests are tried twice",
				description: `${retries} tries of the last ${requests.length} requests within the hour failed and were made good elsewhere: ${rate.toFixed(1)} for each.`,
				fix: "The cards of single machines say which ones fail and why; drain the worst until it is mended.",
				data: { retries, requests: requests.length, rate },
			},
		];
	},
};
