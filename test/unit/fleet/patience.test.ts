import { describe, it } from "vitest";
import { patienceMs } from "../../../worker/fleet/patience.ts";
import { openPair } from "../../../worker/routing/estimate/estimates.ts";
import { fleetOf, GB, node } from "../build-node.ts";
import { settle } from "./build-fleet.ts";

const MODEL = "llama3.1:8b";

function patience(samples: number, facts: Parameters<typeof node>[0], loads = 0): number | undefined {
	const state = fleetOf(node({ id: "a", ...facts }));
	const average = (value: number, count = samples) => ({ value, samples: count });
	Object.assign(openPair(state.knowledge.estimates, "a", MODEL), { prefillTokensPerSecond: average(100), loadS: average(20, loads) });
	const placed = settle(state, { promptTokens: 1000 });
	return placed?.kind === "assigned" ? patienceMs(placed.decision) : Number.NaN;
}

describe("patience with a node's first byte", () => {
	it("is a minute and ten times what is expected", ({ expect }) => {
		expect(patience(5, { resident: { [MODEL]: 6 * GB } })).toBe(60_000 + 10 * 10_000);
		expect(patience(5, { installed: { [MODEL]: 6 * GB } }, 1)).toBe(60_000 + 10 * 30_000);
	});

	it("is the configured one while nothing was learned", ({ expect }) => {
		expect(patience(2, { resident: { [MODEL]: 6 * GB } })).toBeUndefined();
		expect(patience(5, { installed: { [MODEL]: 6 * GB } })).toBeUndefined();
	});
});
