/** The whole run: starts the stage, takes the steps one after the other, and turns samples into figures. */
import { setTimeout as delay } from "node:timers/promises";
import { ForeignLoad, type Machine, thisMachine } from "./machine.ts";
import type { SliceResult } from "./messages.ts";
import { type Step, type StepKind, type TargetName, WARM_UP } from "./plan.ts";
import type { RunningStage, Stage } from "./stage.ts";
import { type Summary, sum, summarize } from "./statistics.ts";
import { cpuMicrosecondsEach, PeakMemory, type PerProcess, readUsage, residentBytes } from "./watch.ts";

/** Until a started or a relieved process has done what it does at once. */
const SETTLE_MS = 2_000;

export interface PathFigures {
	firstByteMs: Summary;
	gapMs: Summary;
	transitMs: Summary;
	requestsPerSecond: number;
	chunksPerSecond: number;
	finished: number;
	failed: number;
	failures: Record<string, number>;
}

export interface StepFigures {
	kind: StepKind;
	title: string;
	paths: Partial<Record<TargetName, PathFigures>>;
	/** Over the step, by routed request, each process's idle work included. */
	cpuMicrosecondsPerRequest: PerProcess<number>;
	/** At the end of the step. */
	memoryBytes: PerProcess<number>;
}

export interface OverheadResult {
	startedAt: string;
	machine: Machine;
	/** Of all cores over the run, used by programs that are not the benchmark's. */
	foreignLoadRatio: number;
	steps: StepFigures[];
	memoryBytes: Record<"idle" | "peak" | "after", PerProcess<number>>;
}

export async function measureOverhead(
	stage: Stage,
	{ steps, say }: { steps: readonly Step[]; say: (line: string) => void },
): Promise<OverheadResult> {
	const startedAt = new Date().toISOString();
	const machine = thisMachine();
	say(`${machine.cores} × ${machine.cpu}, load ${machine.loadAverageBefore.toFixed(1)} before the run`);
	const running = await stage.start();
	await delay(SETTLE_MS);
	const foreign = await ForeignLoad.begin(running);
	const idle = residentBytes(await readUsage(running));
	const peak = new PeakMemory(running);
	try {
		await takeStep(running, WARM_UP);
		const figures: StepFigures[] = [];
		for (const step of steps) {
			say(`Measuring: ${step.title}`);
			figures.push(await takeStep(running, step));
		}
		await delay(SETTLE_MS);
		const after = residentBytes(await readUsage(running));
		const memoryBytes = { idle, peak: peak.stop(), after };
		return { startedAt, machine, foreignLoadRatio: await foreign.end(), steps: figures, memoryBytes };
	} finally {
		peak.stop();
	}
}

async function takeStep(running: RunningStage, { kind, title, targets, rounds, slice }: Step): Promise<StepFigures> {
	const results = new Map<TargetName, SliceResult[]>(targets.map((target) => [target, []]));
	const before = await readUsage(running);
	for (let round = 0; round < rounds; round++) {
		for (const [target, list] of results) list.push(await running.apply(target, slice));
	}
	const after = await readUsage(running);
	const paths: StepFigures["paths"] = Object.fromEntries([...results].map(([target, list]) => [target, figuresOf(list)]));
	const routed = (paths.routed?.finished ?? 0) + (paths["router-alone"]?.finished ?? 0);
	return { kind, title, paths, cpuMicrosecondsPerRequest: cpuMicrosecondsEach(before, after, routed), memoryBytes: residentBytes(after) };
}

function figuresOf(slices: readonly SliceResult[]): PathFigures {
	const seconds = sum(slices.map(({ windowMs }) => windowMs)) / 1000;
	return {
		firstByteMs: summarize(slices.flatMap(({ firstByteMs }) => firstByteMs)),
		gapMs: summarize(slices.flatMap(({ gapMs }) => gapMs)),
		transitMs: summarize(slices.flatMap(({ transitMs }) => transitMs)),
		requestsPerSecond: sum(slices.map(({ finishedInWindow }) => finishedInWindow)) / seconds,
		chunksPerSecond: sum(slices.map(({ chunksInWindow }) => chunksInWindow)) / seconds,
		finished: sum(slices.map(({ finished }) => finished)),
		failed: sum(slices.map(({ failed }) => failed)),
		failures: addUp(slices.map(({ failures }) => failures)),
	};
}

function addUp(counts: readonly Record<string, number>[]): Record<string, number> {
	const total: Record<string, number> = {};
	for (const [cause, count] of counts.flatMap(Object.entries<number>)) total[cause] = (total[cause] ?? 0) + count;
	return total;
}
