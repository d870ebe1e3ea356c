import { describe, it } from "vitest";
import { explain } from "../../../../worker/routing/rule/explain.ts";
import { RULE_DEFAULTS } from "../../../../worker/routing/rule/settings.ts";
import { indexFleet } from "../../../../worker/routing/rule/view.ts";
import { job, LLAMA, learned, NOW, ruleNode, waiting } from "./build-rule.ts";

describe("a dry run", () => {
	const nodes = [
		ruleNode({ id: "hot", resident: { [LLAMA]: 6e9 }, jobs: [job({ expectedTokens: 100 })] }),
		ruleNode({ id: "cold", installed: { [LLAMA]: 5e9 } }),
		ruleNode({ id: "without", installed: { other: 5e9 } }),
		ruleNode({ id: "small", installed: { [LLAMA]: 5e9 }, usableGb: 3 }),
	];
	const input = { index: indexFleet(nodes), knowledge: learned(nodes), settings: RULE_DEFAULTS, now: NOW };

	it("shows every candidate with its costs, and what is against the others", ({ expect }) => {
		const { candidates, against, decision } = explain(input, waiting());
		expect(candidates.map(({ nodeId }) => nodeId)).toEqual(["hot", "cold"]);
		expect(against).toEqual({ without: ["model-missing"], small: ["does-not-fit"] });
		expect(decision?.nodeId).toBe("hot");
	});

	it("shows terms that add up", ({ expect }) => {
		for (const { terms } of explain(input, waiting()).candidates) {
			expect(terms.ttftS).toBeCloseTo(terms.waitS + terms.loadS + terms.prefillS * terms.sharing);
			expect(terms.totalS).toBeCloseTo(terms.ttftS + terms.decodeS * terms.sharing);
			expect(terms.costS).toBeCloseTo(terms.ttftS + terms.totalS + 8 * terms.evictS);
		}
	});

	it("has the seven signals and the samples behind the rates", ({ expect }) => {
		const [first] = explain(input, waiting()).candidates;
		expect(Object.keys(first?.points ?? {})).toHaveLength(8);
		expect(first?.samples).toEqual({ decode: 9, prefill: 9, load: 9 });
	});

	it("decides nothing where no node can serve the request", ({ expect }) => {
		expect(explain(input, waiting({ model: "unknown:latest" })).decision).toBeUndefined();
	});
});
