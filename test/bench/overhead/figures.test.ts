import { describe, it } from "vitest";
import { limitMs, planSteps } from "./plan.ts";
import { percentile, summarize } from "./statistics.ts";
import { table } from "./table.ts";
import { parseProc, parsePs } from "./usage.ts";

describe("percentile", () => {
	it("is a sample, whatever the order they came in", ({ expect }) => {
		const samples = [100, 9, 20, 1, 3];
		expect([0.5, 0.99, 1].map((share) => percentile(samples, share))).toEqual([9, 100, 100]);
	});

	it("is unknown without samples", ({ expect }) => {
		expect(percentile([], 0.5)).toBeUndefined();
		expect(summarize([])).toEqual({ samples: 0 });
	});
});

describe("usage of a process", () => {
	it("is read from /proc, also for a name with blanks and brackets", ({ expect }) => {
		const stat = "42 (a (b) c) S 1 42 42 0 -1 4194304 100 0 0 0 250 50 0 0 20 0 1 0 100 1 1";
		expect(parseProc("Name:\ta\nVmRSS:\t   2048 kB\n", stat)).toEqual({ residentBytes: 2_097_152, cpuMs: 3_000 });
	});

	it("is read from ps where there is no /proc", ({ expect }) => {
		expect(parsePs("  2048   1:02.50\n")).toEqual({ residentBytes: 2_097_152, cpuMs: 62_500 });
		expect(parsePs("1024 01:00:01")).toEqual({ residentBytes: 1_048_576, cpuMs: 3_601_000 });
	});
});

describe("plan", () => {
	it("measures the direct path beside the routed one in every step", ({ expect }) => {
		for (const { targets } of planSteps(3)) expect(targets).toEqual(expect.arrayContaining(["direct", "routed"]));
	});

	it("has every held stream last through its window", ({ expect }) => {
		for (const { slice } of planSteps(3).filter(({ kind }) => kind === "held"))
			expect(slice.chunks * slice.paceMs).toBeGreaterThan(slice.forMs);
	});

	it("is over within a bounded time", ({ expect }) => {
		expect(limitMs(3)).toBeLessThan(300_000);
	});
});

describe("table", () => {
	it("lines up numbers at their right end", ({ expect }) => {
		expect(
			table(
				["ms", "p50"],
				[
					["first byte", "1.25"],
					["gap", "10.25"],
				],
			),
		).toBe("ms            p50\nfirst byte   1.25\ngap         10.25");
	});
});
