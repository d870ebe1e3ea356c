import { array, assert, double, property } from "fast-check";
import { describe, it } from "vitest";
import { bucketOf, countOf, ERROR_RATIO, type Histogram, merged, percentile, put } from "../../../../worker/traces/rollup/histogram.ts";

const values = array(double({ min: 1, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 200 });
const ratios = double({ min: 0, max: 1, noNaN: true });

function of(numbers: readonly number[]): Histogram {
	const histogram: Histogram = {};
	for (const value of numbers) put(histogram, bucketOf(value));
	return histogram;
}

describe("a histogram", () => {
	it("tells any percentile within 5 % of the value at that rank", ({ expect }) => {
		assert(
			property(values, ratios, (numbers, ratio) => {
				const exact = numbers.toSorted((a, b) => a - b)[Math.max(1, Math.ceil(ratio * numbers.length)) - 1] ?? NaN;
				const told = percentile(of(numbers), ratio) ?? NaN;
				expect(Math.abs(told - exact)).toBeLessThanOrEqual(exact * (ERROR_RATIO + 1e-9));
			}),
		);
	});

	it("is the same whether values were put together or apart", ({ expect }) => {
		assert(property(values, values, (one, other) => void expect(merged([of(one), of(other)])).toEqual(of([...one, ...other]))));
	});

	it("counts what is too small to tell apart as 1, and tells nothing of nothing", ({ expect }) => {
		expect(percentile(of([0, 0.2, 1]), 0.5)).toBe(1);
		expect([percentile({}, 0.5), countOf({})]).toEqual([null, 0]);
	});

	it("keeps its promise after it was stored as JSON", ({ expect }) => {
		const stored = JSON.parse(JSON.stringify(of([3, 700, 80_000]))) as Histogram;
		expect(percentile(stored, 0.5)).toBeCloseTo(700, -2);
	});
});
