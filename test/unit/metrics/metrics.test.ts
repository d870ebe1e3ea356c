/** Counters and histograms as text, read back by a strict reader. */
import { describe, it } from "vitest";
import { Counter } from "../../../worker/metrics/counter.ts";
import { exposition } from "../../../worker/metrics/exposition.ts";
import { Histogram } from "../../../worker/metrics/histogram.ts";
import { LabelCap } from "../../../worker/metrics/label-cap.ts";
import { readMetrics } from "./read-exposition.ts";

describe("the text", () => {
	it("keeps label values whole, whatever is in them", ({ expect }) => {
		const odd = new Counter("odd_total", "Odd \\ ones\nand more", ["name"]);
		for (const name of ['say "hi"', "back\\slash", "two\nlines", "", "ü, {x}"]) odd.add([name]);
		const { samples } = readMetrics(exposition([odd.family()]));
		expect(samples.map(({ labels }) => labels.name)).toEqual(['say "hi"', "back\\slash", "two\nlines", "", "ü, {x}"]);
	});

	it("has no sample of a metric that counted nothing, and its head all the same", ({ expect }) => {
		const text = exposition([new Counter("quiet_total", "Nothing yet", []).family()]);
		expect(text).toBe("# HELP quiet_total Nothing yet\n# TYPE quiet_total counter\n");
		expect(readMetrics(text).types.get("quiet_total")).toBe("counter");
	});

	it.for([
		["no line end", "a 1"],
		["a sample without its type", "a 1\n"],
		["a series twice", "# TYPE a gauge\na 1\na 2\n"],
		["a name that is none", "# TYPE a gauge\n9a 1\n"],
		["labels without quotes", "# TYPE a gauge\na{b=c} 1\n"],
		["buckets that fall", '# TYPE a histogram\na_bucket{le="1"} 2\na_bucket{le="+Inf"} 1\na_sum 1\na_count 1\n'],
	])("is refused by the reader with %s", ([, text = ""], { expect }) => {
		expect(() => readMetrics(text)).toThrow();
	});
});

describe("a histogram", () => {
	it("counts in each bucket what is not above its bound", ({ expect }) => {
		const times = new Histogram("t_seconds", "Times", { label: "model", bounds: [0.1, 1] });
		for (const seconds of [0.05, 0.1, 0.5, 7]) times.observe("m", seconds);
		const { value } = readMetrics(exposition([times.family()]));
		const bucket = (le: string) => value("t_seconds_bucket", { model: "m", le });
		expect([bucket("0.1"), bucket("1"), bucket("+Inf")]).toEqual([2, 3, 4]);
		expect([value("t_seconds_sum", { model: "m" }), value("t_seconds_count", { model: "m" })]).toEqual([7.65, 4]);
	});
});

describe("label values", () => {
	it("are taken as they come up to a number, and together beyond it", ({ expect }) => {
		const cap = new LabelCap(2);
		expect(["a", "b", "c", "a", "d"].map((name) => cap.of(name))).toEqual(["a", "b", "other", "a", "other"]);
	});

	it("of a counter can't grow without end", ({ expect }) => {
		const counter = new Counter("many_total", "Many", ["a", "b"]);
		for (let index = 0; index < 6000; index++) counter.add([String(index), "x"]);
		const { samples } = counter.family();
		expect(samples).toHaveLength(5001);
		expect(samples.at(-1)).toEqual({ labels: { a: "other", b: "other" }, value: 1000 });
	});
});
