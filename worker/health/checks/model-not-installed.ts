/** Clients ask for a model that nobody has. */
import { type Check, OVER_THE_HOUR } from "../check.ts";
import { grouped, lastHour } from "../readings.ts";

const FEWEST = 3;
const MOST_TOLD = 5;

export const modelNotInstalled: Check = {
	id: "model_not_installed",
	...OVER_THE_HOUR,
	find: (facts) => {
		const here = new Set(facts.nodes.flatMap(({ installed }) => installed.map(({ name }) => name)));
		const unknown = lastHour(facts).filter(({ refusal, askedFor }) => refusal === "unknown-model" && !here.has(askedFor));
		return [...grouped(unknown, ({ askedFor }) => askedFor)]
			.filter(([, requests]) => requests.length >= FEWEST)
			.sort(([, a], [, b]) => b.length - a.length)
			.slice(0, MOST_TOLD)
			.map(([model, requests]) => ({
				severity: "info" as const,
				title: `Nobody has ${model}`,
				description: `It was asked for ${requests.length} times within the hour, each time in vain.`,
				fix: `Pull it (\`curl ROUTER/api/pull -d '{"model":"${model}"}'\`), or let the name mean another model with FLEET_ALIASES.`,
				about: model,
				data: { model, requests: requests.length },
			}));
	},
};
