/** A name that clients may use means a model that nobody has. */
import { AT_ONCE, type Check } from "../check.ts";
import { isThere } from "../readings.ts";

export const mappedModelMissing: Check = {
	id: "mapped_model_missing",
	...AT_ONCE,
	find: ({ aliases, nodes }) => {
		const there = nodes.filter(isThere);
		if (there.length === 0) return [];
		const installed = new Set(there.flatMap((node) => node.installed.map(({ name }) => name)));
		return Object.entries(aliases)
			.filter(([, model]) => !installed.has(model))
			.map(([name, model]) => ({
				severity: "warning" as const,
				title: `"${name}" leads nowhere`,
				description: `It stands for ${model}, which no machine that is there has installed.`,
				fix: `Pull ${model}, or change FLEET_ALIASES or FLEET_ANTHROPIC_MODEL_MAP.`,
				about: name,
				data: { name, model },
			}));
	},
};
