/** A machine's clock is off: its logs can't be laid beside the router's. */
import { type Check, WHEN_IT_LASTS } from "../check.ts";
import { nodesThere, secondsText } from "../readings.ts";

/** A beat may be under way for seconds. */
const MOST_MS = 30_000;

export const clockSkew: Check = {
	id: "clock_skew",
	...WHEN_IT_LASTS,
	find: (facts) =>
		nodesThere(facts).flatMap(({ nodeId, clockSkewMs }) => {
			if (clockSkewMs === undefined || Math.abs(clockSkewMs) < MOST_MS) return [];
			return [
				{
					severity: "info",
					title: `The clock of ${nodeId} is off`,
					description: `It is ${secondsText(Math.abs(clockSkewMs))} ${clockSkewMs > 0 ? "ahead of" : "behind"} the router's. Routing does not mind; its logs and the times at which models leave memory do.`,
					fix: "Let both set their clocks by the network (`timedatectl set-ntp true`, or the system's settings).",
					nodeId,
					data: { skew_s: Math.round(clockSkewMs / 1000) },
				},
			];
		}),
};
