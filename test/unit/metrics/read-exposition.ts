/**
 * A strict reader of Prometheus' text format 0.0.4: throws for anything a server of Prometheus would refuse, and for what it would
 * take but shouldn't (a series twice, a sample without its TYPE, a histogram whose buckets don't add up).
 */

const NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
const HELP = new RegExp(`^# HELP (${NAME}) (.+)$`);
const TYPE = new RegExp(`^# TYPE (${NAME}) (counter|gauge|histogram)$`);
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(.*)\\})? (-?(?:\\d+(?:\\.\\d+)?(?:e[+-]?\\d+)?|Inf)|\\+Inf|NaN)$`);
const LABEL = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\n"])*)"(,|$)/;

export interface ReadSample {
	readonly name: string;
	readonly labels: Readonly<Record<string, string>>;
	readonly value: number;
}

export interface Metrics {
	readonly types: ReadonlyMap<string, string>;
	readonly samples: readonly ReadSample[];
	/** Of the one series with exactly these labels; undefined when there is none. */
	value(name: string, labels: Readonly<Record<string, string>>): number | undefined;
}

export function readMetrics(text: string): Metrics {
	if (text !== "" && !text.endsWith("\n")) throw new Error("The last line has no end");
	const types = new Map<string, string>();
	const series = new Map<string, ReadSample>();
	for (const line of text.split("\n").slice(0, -1)) {
		if (HELP.test(line)) continue;
		const type = TYPE.exec(line);
		if (type) {
			const [, name = "", kind = ""] = type;
			if (types.has(name)) throw new Error(`Two TYPE lines for ${name}`);
			types.set(name, kind);
			continue;
		}
		const sample = readSample(line);
		if (!types.has(familyOf(sample.name, types))) throw new Error(`No TYPE before ${line}`);
		const key = keyOf(sample.name, sample.labels);
		if (series.has(key)) throw new Error(`Twice: ${line}`);
		series.set(key, sample);
	}
	const samples = [...series.values()];
	for (const [name, type] of types) if (type === "histogram") checkHistogram(name, samples);
	return { types, samples, value: (name, labels) => series.get(keyOf(name, labels))?.value };
}

function readSample(line: string): ReadSample {
	const [, name = "", labels = "", value = ""] = SAMPLE.exec(line) ?? [];
	if (name === "") throw new Error(`Not a sample: ${line}`);
	return { name, labels: readLabels(labels, line), value: value.endsWith("Inf") ? Infinity : Number(value) };
}

function readLabels(text: string, line: string): Record<string, string> {
	const labels: Record<string, string> = {};
	for (let rest = text; rest !== "";) {
		const [whole, name = "", value = ""] = LABEL.exec(rest) ?? [];
		if (whole === undefined) throw new Error(`Labels can't be read: ${line}`);
		labels[name] = value.replaceAll(/\\(.)/g, (_, escaped: string) => (escaped === "n" ? "\n" : escaped));
		rest = rest.slice(whole.length);
	}
	return labels;
}

function familyOf(name: string, types: ReadonlyMap<string, string>): string {
	const base = name.replace(/_(?:bucket|sum|count)$/, "");
	return types.get(base) === "histogram" ? base : name;
}

function checkHistogram(name: string, samples: readonly ReadSample[]): void {
	const counts = samples.filter((sample) => sample.name === `${name}_count`);
	for (const { labels, value } of counts) {
		const buckets = samples.filter((sample) => sample.name === `${name}_bucket` && sameBut(sample.labels, labels));
		if (buckets.some((bucket, index) => bucket.value < (buckets[index - 1]?.value ?? 0))) throw new Error(`${name}: buckets fall`);
		if (buckets.at(-1)?.labels.le !== "+Inf" || buckets.at(-1)?.value !== value)
			throw new Error(`${name}: the last bucket is not the count`);
	}
}

function sameBut(labels: Readonly<Record<string, string>>, others: Readonly<Record<string, string>>): boolean {
	const { le: _le, ...rest } = labels;
	return keyOf("", rest) === keyOf("", others);
}

function keyOf(name: string, labels: Readonly<Record<string, string>>): string {
	return name + JSON.stringify(Object.entries(labels).sort(([a], [b]) => a.localeCompare(b)));
}
