import { describe, it } from "vitest";
import { explanationLines } from "../../../local/explanation-lines.ts";
import { explanationReport } from "../../../worker/fleet/explain.ts";
import { ExplanationSchema } from "../../../worker/protocol/decision.ts";
import { fleetOf, GB, node, request } from "../build-node.ts";
import { ask, LIMITS } from "../fleet/build-fleet.ts";

const MODEL = "llama3.1:8b";
const hot = () => node({ id: "hot", resident: { [MODEL]: 6 * GB } });
const cold = () => node({ id: "cold", installed: { [MODEL]: 5 * GB } });
const lines = (state: ReturnType<typeof fleetOf>, facts = {}) =>
	explanationLines(explanationReport(state, request(facts), LIMITS, 0)).join("\n");

describe("a dry run on the terminal", () => {
	it("marks the machine that would be taken, and shows the others with their costs", ({ expect }) => {
		const text = lines(fleetOf(hot(), cold()));
		expect(text).toContain("llama3.1:8b would go to hot (hot-idle).");
		expect(text).toMatch(/^> +hot +loaded +free/m);
		expect(text).toMatch(/^[ .] +cold +on disk +free/m);
	});

	it("says who has to be waited for", ({ expect }) => {
		const state = fleetOf(hot());
		for (const id of ["1", "2"]) ask(state, { id });
		expect(lines(state)).toContain("would wait for hot (only-node).\n1 for this model wait already.");
	});

	it("names what is against machines that have it, and is brief about a model that nobody has", ({ expect }) => {
		const away = { ...cold(), status: "offline" as const };
		expect(lines(fleetOf(hot(), away))).toContain("cold: offline");
		expect(lines(fleetOf(hot()), { model: "nobody:1b" })).toMatch(/No machine can serve nobody:1b now\.\n\nNo machine has it installed\.$/);
	});

	it("says what a name means here", ({ expect }) => {
		const report = explanationReport(fleetOf(hot()), request({ model: "mine" }), { ...LIMITS, aliases: { mine: MODEL } }, 0);
		expect(explanationLines(report)[0]).toBe("mine means llama3.1:8b here (alias).");
	});

	it("is made of what the protocol promises", ({ expect }) => {
		expect(ExplanationSchema.parse(explanationReport(fleetOf(hot(), cold()), request(), LIMITS, 0)).candidates).toHaveLength(2);
	});
});
