/** Other models stand in for the ones asked for. */
import { type Check, OVER_THE_HOUR } from "../check.ts";
import { grouped, lastHour, listed, percent } from "../readings.ts";

const FEWEST = 3;
const MANY_RATIO = 0.2;

export const fallbacks: Check = {
	id: "vram_fallback_active",
	...OVER_THE_HOUR,
	find: (facts) => {
		const requests = lastHour(facts);
		const stoodIn = requests.filter(({ because }) => because === "vram_fallback" || because === "fallback_models");
		if (stoodIn.length < FEWEST) return [];
		const pairs = [...grouped(stoodIn, ({ askedFor, model }) => `${askedFor} → ${model}`)].sort(([, a], [, b]) => b.length - a.length);
		const ratio = stoodIn.length / requests.length;
		return [
			{
				severity: ratio >= MANY_RATIO ? "warning" : "info",
				title: "Other models stand in",
				description: `${stoodIn.length} of the last ${requests.length} requests within the hour (${percent(ratio)}) were answered by another model: ${listed(pairs.map(([pair, ones]) => `${pair} (${ones.length})`))}.`,
				fix: "Make room for the models that are asked for: pin them, or pull them on a machine with free memory. FLEET_VRAM_FALLBACK=false, or `fallback: false` in a request, ends it.",
				data: {
					fallbacks: stoodIn.length,
					requests: requests.length,
					pairs: Object.fromEntries(pairs.map(([pair, ones]) => [pair, ones.length])),
				},
			},
		];
	},
};
