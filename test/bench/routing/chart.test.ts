import { describe, it } from "vitest";
import { chart } from "./chart.ts";
import type { Figures } from "./figures.ts";
import type { Measured, RoutingResult } from "./measure.ts";

function measured(scenario: string, policy: Measured["policy"], ttft95: number): Measured {
	return { scenario, policy, mean: { ttft95 } as Figures, ttft95Range: [ttft95, ttft95], seeds: [] };
}

function result(...rows: Measured[]): RoutingResult {
	return { seeds: [7, 8], offeredLoad: {}, measured: rows };
}

/** Of the marks, the legend's left out; x and y. */
function places(svg: string): [x: number, y: number][] {
	const found = svg.matchAll(/translate\(([\d.]+) ([\d.]+)\)[^>]*><title>[\d.]+ s</g);
	return [...found].map(([, x, y]) => [Number(x), Number(y)]);
}

describe("the chart", () => {
	it("gives every scenario a row and every drawn policy a mark in it", ({ expect }) => {
		const svg = chart(result(measured("home60", "ours", 19), measured("home60", "herd-0.6.1", 72), measured("two", "ours", 63)));
		const rows = places(svg).map(([, y]) => y);
		expect(rows).toHaveLength(3);
		expect(new Set(rows).size).toBe(2);
		expect(svg).toContain(">home60</text>");
		expect(svg).toContain("mean of 2 seeds");
	});

	it("puts equal ratios equally far apart", ({ expect }) => {
		const svg = chart(result(measured("a", "herd-0.6.1", 100), measured("a", "herd-fixed", 10), measured("a", "ours", 1)));
		const [first = 0, second = 0, third = 0] = places(svg).map(([x]) => x);
		expect(first - second).toBeCloseTo(second - third, 0);
		expect(second).toBeGreaterThan(third);
	});

	it("leaves out policies that would only stretch the scale", ({ expect }) => {
		const svg = chart(result(measured("a", "random", 4000), measured("a", "ours", 10)));
		expect(places(svg)).toHaveLength(1);
		expect(svg).not.toContain(">5000<");
	});

	it("has colors for light and dark", ({ expect }) => {
		expect(chart(result(measured("a", "ours", 10)))).toContain("prefers-color-scheme:dark");
	});
});
