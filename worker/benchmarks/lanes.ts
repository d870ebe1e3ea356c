/** The measuring of one node: its models one after another, each for the same time, several requests at once where it has places. */
import { askOnce, type AskPorts } from "./ask.ts";
import type { Pair } from "./plan.ts";
import type { Measured } from "./report.ts";
import type { Sample } from "./sample.ts";
import { freshPrompt } from "./words.ts";

/** A model that fails so often in a row is measured no longer. */
const MOST_FAILURES_IN_A_ROW = 5;
const PAUSE_AFTER_FAILURE_MS = 1_000;

export interface LanePorts extends AskPorts {
	/** Rejects or resolves early when the signal is aborted. */
	readonly wait: (ms: number) => Promise<void>;
	readonly random: () => number;
	/** True: the run may ask no more. */
	readonly note: (sample: Sample) => boolean;
}

export async function measureNode(pairs: readonly Pair[], durationMs: number, ports: LanePorts): Promise<Measured[]> {
	const measured: Measured[] = [];
	const sliceMs = durationMs / pairs.length;
	for (const pair of pairs) {
		if (ports.signal.aborted) break;
		measured.push(await measurePair(pair, sliceMs, ports));
	}
	return measured;
}

async function measurePair(pair: Pair, sliceMs: number, ports: LanePorts): Promise<Measured> {
	const samples: Sample[] = [];
	const startedAt = ports.now();
	const until = startedAt + sliceMs;
	await Promise.all(Array.from({ length: pair.lanes }, () => lane(pair, { until, samples }, ports)));
	return { pair, samples, activeMs: ports.now() - startedAt };
}

async function lane(pair: Pair, { until, samples }: { until: number; samples: Sample[] }, ports: LanePorts): Promise<void> {
	let failures = 0;
	while (ports.now() < until && failures < MOST_FAILURES_IN_A_ROW && !ports.signal.aborted) {
		const sample = await askOnce({ pair, prompt: freshPrompt(ports.random), isWarmUp: false }, ports);
		// Cut off at the end: neither an answer nor a failure
		if (ports.signal.aborted && sample.error !== undefined) return;
		samples.push(sample);
		if (ports.note(sample)) return;
		failures = sample.error === undefined ? 0 : failures + 1;
		if (sample.error !== undefined) await ports.wait(PAUSE_AFTER_FAILURE_MS);
	}
}
