/** The simulator itself: virtual time, so these take milliseconds. */
import { describe, it } from "vitest";
import { simulate } from "./engine/simulate.ts";
import { figuresOf } from "./figures.ts";
import { checkGates } from "./gates.ts";
import type { Measured } from "./measure.ts";
import { offeredLoad } from "./offered-load.ts";
import { POLICIES, POLICY_NAMES } from "./policies/all.ts";
import { SCENARIOS } from "./scenarios.ts";

function scenario(name: string) {
	const found = SCENARIOS.find((one) => one.name === name);
	if (!found) throw new Error(`No scenario is called "${name}"`);
	return found;
}

function figures(name: string, policy: keyof typeof POLICIES, seed = 7) {
	const { plan, warmUpRatio } = scenario(name);
	return figuresOf(plan(seed), simulate(plan(seed), POLICIES[policy]), warmUpRatio);
}

describe("the simulation", () => {
	it("gives the same figures for the same seed", ({ expect }) => {
		expect(figures("home30", "ours")).toEqual(figures("home30", "ours"));
	});

	it.for(POLICY_NAMES)("ends every request of a small scenario under %s", (policy, { expect }) => {
		expect(figures("cold", policy).unfinished).toBe(0);
	});

	it("loses nothing when a node dies in the middle", ({ expect }) => {
		expect(figures("death", "ours").unfinished).toBe(0);
	});

	it("sends the probe past work that nobody told the router about", ({ expect }) => {
		expect(figures("twoExt", "ours").ttft95).toBeLessThanOrEqual(10);
		expect(figures("twoExt", "herd-0.6.1").ttft95).toBeGreaterThan(100);
	});

	it("never has more of a model at a node than its places", ({ expect }) => {
		const { plan } = scenario("home60");
		let most = 0;
		simulate(plan(7), (shell) => {
			const policy = POLICIES.ours(shell);
			const look = () => {
				for (const { id } of shell.nodes)
					for (const { active, queue } of shell.machine(id).runners.values()) most = Math.max(most, active.length + queue.length);
			};
			return {
				arrived: (...facts) => (look(), policy.arrived(...facts)),
				firstToken: (...facts) => (look(), policy.firstToken(...facts)),
				finished: (...facts) => (look(), policy.finished(...facts)),
				beat: (...facts) => (look(), policy.beat(...facts)),
				lost: (...facts) => policy.lost(...facts),
			};
		});
		expect(most).toBe(1);
	});
});

describe("the work of a scenario", () => {
	it("asks for about as much of the fleet as its name says", ({ expect }) => {
		const loads = (name: string) => [31, 32, 33, 34, 35].map((seed) => offeredLoad(scenario(name).plan(seed)));
		const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
		expect(mean(loads("home60"))).toBeCloseTo(0.58, 1);
		expect(mean(loads("gpu8-60"))).toBeCloseTo(0.6, 1);
	});
});

describe("a gate", () => {
	it("says by which figures it holds or is missed, and is silent without its rival", ({ expect }) => {
		const row = (policy: Measured["policy"], ttft95: number): Measured => {
			const mean = { ...figures("two", "ours"), ttft95 };
			return { scenario: "two", policy, mean, ttft95Range: [ttft95, ttft95], seeds: [mean] };
		};
		const check = (...measured: Measured[]) =>
			checkGates({ seeds: [7], offeredLoad: {}, measured }).filter(({ says }) => says.includes("herd"));
		expect(check(row("ours", 70), row("herd-0.6.1", 100))).toMatchObject([{ measured: 70, limit: 65, holds: false }]);
		expect(check(row("ours", 60), row("herd-0.6.1", 100))).toMatchObject([{ holds: true }]);
		expect(check(row("ours", 60))).toEqual([]);
	});
});
