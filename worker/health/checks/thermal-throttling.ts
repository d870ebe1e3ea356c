/** Too hot to run at full speed. */
import { type Check, WHEN_IT_LASTS } from "../check.ts";
import { nodesThere } from "../readings.ts";

export const thermalThrottling: Check = {
	id: "thermal_throttling",
	...WHEN_IT_LASTS,
	find: (facts) =>
		nodesThere(facts).flatMap(({ nodeId, beat: { thermal } }) => {
			if (thermal.state !== "warning" && thermal.state !== "critical") return [];
			const { temperature_celsius: celsius } = thermal;
			return [
				{
					severity: thermal.state,
					title: `${nodeId} is ${thermal.state === "critical" ? "too hot" : "hot"}`,
					description: `${celsius === undefined ? "Its sensors say so" : `It measures ${Math.round(celsius)} °C`}; it writes more slowly to protect itself.`,
					fix: "See that air gets in and out, clean the fans, or drain the machine for a while (`herd nodes drain`).",
					nodeId,
					data: { temperature_c: celsius ?? null, state: thermal.state },
				},
			];
		}),
};
