/** Clients hang up before their answer is whole. Some of that is people who have read enough. */
import { type Check, OVER_THE_HOUR } from "../check.ts";
import { grouped, lastHour, listed, percent } from "../readings.ts";

const FEWEST = 5;
const SOME_RATIO = 0.1;
const MANY_RATIO = 0.3;

export const clientDisconnects: Check = {
	id: "client_disconnects",
	...OVER_THE_HOUR,
	find: (facts) => {
		const requests = lastHour(facts);
		const gone = requests.filter(({ status }) => status === "client_disconnected");
		const ratio = gone.length / requests.length;
		if (gone.length < FEWEST || ratio < SOME_RATIO) return [];
		const byModel = Object.fromEntries([...grouped(gone, ({ model }) => model)].map(([model, ones]) => [model, ones.length]));
		return [
			{
				severity: ratio >= MANY_RATIO ? "warning" : "info",
				title: "Clients leave early",
				description: `${gone.length} of the last ${requests.length} requests within the hour (${percent(ratio)}) were hung up by their client: ${listed(Object.keys(byModel))}.`,
				fix: "If nobody pressed stop, the clients' time-outs are shorter than the answers: raise them, or keep the model in memory with a pin.",
				data: { disconnects: gone.length, requests: requests.length, by_model: byModel },
			},
		];
	},
};
