/** The figures as a person reads them; pure. */
import type { OverheadResult, PathFigures, StepFigures } from "./measure.ts";
import { difference, sum, type Summary } from "./statistics.ts";
import { table } from "./table.ts";
import type { PerProcess } from "./watch.ts";

const UNKNOWN = "-";
const MB = 1e6;
/** With fewer, a 99th percentile is one sample's accident. */
const ENOUGH_SAMPLES = 100;
/** With fewer in a step, the CPU of an idle process is a large part of what each request seems to cost. */
const ENOUGH_REQUESTS = 250;

export function tables(result: OverheadResult): string {
	return [
		conditions(result),
		latencies(result.steps),
		ceilings(result.steps),
		held(result.steps),
		cpuUse(result.steps),
		memory(result.memoryBytes),
		failures(result.steps),
	]
		.filter((part) => part !== "")
		.join("\n\n");
}

function conditions({ machine: { cores, cpu, node }, foreignLoadRatio }: OverheadResult): string {
	const foreign = `Other programs used ${Math.round(foreignLoadRatio * 100)} % of it meanwhile`;
	return `${cores} × ${cpu}, Node ${node}. ${foreign}. "Added" is the difference of the percentiles.`;
}

function latencies(steps: readonly StepFigures[]): string {
	const rows = steps
		.filter(({ kind }) => kind === "latency")
		.flatMap(({ title, paths: { direct, routed, "router-alone": alone } }) => [
			...latencyRow(`first byte, ${title}`, direct?.firstByteMs, routed?.firstByteMs),
			...latencyRow(`first byte, ${title}, no door`, direct?.firstByteMs, alone?.firstByteMs),
			...latencyRow(`chunk transit, ${title}`, direct?.transitMs, routed?.transitMs),
			...latencyRow(`gap, ${title}`, direct?.gapMs, routed?.gapMs),
		]);
	return table(["ms", "direct p50", "p99", "routed p50", "p99", "added p50", "p99", "samples"], rows);
}

function latencyRow(title: string, direct: Summary | undefined, routed: Summary | undefined): string[][] {
	if (!direct || !routed || Math.min(direct.samples, routed.samples) < ENOUGH_SAMPLES) return [];
	const added = [difference(routed.p50, direct.p50), difference(routed.p99, direct.p99)];
	return [[title, ...[direct.p50, direct.p99, routed.p50, routed.p99, ...added].map(ms), String(routed.samples)]];
}

function ceilings(steps: readonly StepFigures[]): string {
	const rows = steps
		.filter(({ kind }) => kind === "ceiling")
		.map(({ title, paths: { direct, routed } }) => [
			title,
			whole(direct?.requestsPerSecond),
			whole(routed?.requestsPerSecond),
			ms(routed?.firstByteMs.p50),
			ms(routed?.firstByteMs.p99),
			failed(routed),
		]);
	return table(["ceiling, closed loop", "direct req/s", "routed req/s", "first byte p50 ms", "p99", "failed"], rows);
}

function held(steps: readonly StepFigures[]): string {
	const rows = steps
		.filter(({ kind }) => kind === "held")
		.flatMap(({ title, paths: { direct, routed } }) => [heldRow(`${title}, direct`, direct), heldRow(`${title}, routed`, routed)]);
	return table(["streams held", "chunks/s", "first byte p50 ms", "p99", "gap p50 ms", "p99", "failed"], rows);
}

function heldRow(title: string, path: PathFigures | undefined): string[] {
	const figures = [path?.firstByteMs.p50, path?.firstByteMs.p99, path?.gapMs.p50, path?.gapMs.p99];
	return [title, whole(path?.chunksPerSecond), ...figures.map(ms), failed(path)];
}

function cpuUse(steps: readonly StepFigures[]): string {
	const rows = steps
		.filter(({ paths: { routed, "router-alone": alone } }) => !alone && (routed?.finished ?? 0) >= ENOUGH_REQUESTS)
		.map(({ title, cpuMicrosecondsPerRequest: used }) => [
			title,
			whole(used.launcher),
			whole(used.workerd),
			whole(used.agent),
			whole(total(used)),
		]);
	return table(["CPU per routed request, µs", "launcher", "workerd", "agent", "all"], rows);
}

function memory({ idle, peak, after }: OverheadResult["memoryBytes"]): string {
	const cells = (read: (usage: PerProcess<number>) => number | undefined) => [idle, peak, after].map((usage) => whole(inMb(read(usage))));
	return table(
		["resident memory, MB", "idle", "peak under load", "after"],
		[
			["launcher", ...cells(({ launcher }) => launcher)],
			["workerd", ...cells(({ workerd }) => workerd)],
			["launcher + workerd", ...cells(({ launcher, workerd }) => total({ ...(launcher && { launcher }), ...(workerd && { workerd }) }))],
			["agent", ...cells(({ agent }) => agent)],
		],
	);
}

/** Empty when nothing failed. */
function failures(steps: readonly StepFigures[]): string {
	return steps
		.flatMap(({ title, paths }) => Object.entries(paths).flatMap(([path, figures]) => failureLines(`${title}, ${path}`, figures)))
		.join("\n");
}

function failureLines(where: string, { failures: causes }: PathFigures): string[] {
	return Object.entries(causes).map(([cause, count]) => `Failed: ${where}: ${count} × ${cause}`);
}

function total(values: PerProcess<number>): number | undefined {
	const known = Object.values(values);
	return known.length === 0 ? undefined : sum(known);
}

function failed(path: PathFigures | undefined): string {
	return whole(path?.failed);
}

function inMb(bytes: number | undefined): number | undefined {
	return bytes === undefined ? undefined : bytes / MB;
}

function ms(value: number | undefined): string {
	return value === undefined ? UNKNOWN : value.toFixed(2);
}

function whole(value: number | undefined): string {
	return value === undefined ? UNKNOWN : String(Math.round(value));
}
