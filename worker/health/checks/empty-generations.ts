/** A model that answers with nothing. */
import { type Check, OVER_THE_HOUR } from "../check.ts";
import { grouped, lastHour, percent } from "../readings.ts";

const FEWEST = 3;
const LEAST_RATIO = 0.05;

export const emptyGenerations: Check = {
	id: "empty_generations",
	...OVER_THE_HOUR,
	find: (facts) =>
		[...grouped(lastHour(facts), ({ model }) => model)].flatMap(([model, requests]) => {
			const empty = requests.filter(({ status }) => status === "no_output").length;
			if (empty < FEWEST || empty < LEAST_RATIO * requests.length) return [];
			return [
				{
					severity: "warning",
					title: `${model} answers with nothing`,
					description: `${empty} of its last ${requests.length} answers within the hour (${percent(empty / requests.length)}) held no token.`,
					fix: "A thinking model may need a larger num_predict; a prompt that fills the whole context leaves no room; a broken template says nothing at all: pull the model anew.",
					about: model,
					data: { model, empty, requests: requests.length },
				},
			];
		}),
};
