/** A laptop that will soon be gone. */
import { type Check, WHEN_IT_LASTS } from "../check.ts";
import { nodesThere, percent } from "../readings.ts";

const LOW_RATIO = 0.2;

export const batteryLow: Check = {
	id: "battery_low",
	...WHEN_IT_LASTS,
	find: (facts) =>
		nodesThere(facts).flatMap(({ nodeId, beat: { battery } }) => {
			const charge = battery?.charge_ratio;
			if (!battery?.on_battery || charge === undefined || charge > LOW_RATIO) return [];
			return [
				{
					severity: "info",
					title: `${nodeId} runs low`,
					description: `${percent(charge)} of its battery are left; answers under way there end with it.`,
					fix: "Plug it in, or drain it in time: `herd-agent drain`.",
					nodeId,
					data: { charge_pct: Math.round(charge * 100) },
				},
			];
		}),
};
