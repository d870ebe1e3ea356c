/** What is measured, for how long; pure. Paths take turns in short slices, so that both meet the same state of the machine. */
import type { Arrivals, Slice } from "./messages.ts";

/** Straight to the upstream; through the router without a door; through router and door. */
export const TARGET_NAMES = ["direct", "router-alone", "routed"] as const;
export type TargetName = (typeof TARGET_NAMES)[number];

/** What a step is for decides which of its figures are shown. */
export type StepKind = "latency" | "ceiling" | "held";

export interface Step {
	readonly kind: StepKind;
	readonly title: string;
	readonly targets: readonly TargetName[];
	/** How often the paths take turns. */
	readonly rounds: number;
	readonly slice: Omit<Slice, "target">;
}

const SLICE_MS = 500;
/** A short answer sent at once, so that only the way there and back counts. */
const BURST = { chunks: 20, paceMs: 0 };
const TOKEN_MS = 10;
const SLOW_TOKEN_MS = 20;
const CHUNKS = 20;
const HELD = 200;
/** Starts of many streams are spread, as they would be: a burst of starts is another measurement. */
const SPREAD_MS = 400;
/** Beyond the planned time: starting, stopping, answers that come late. */
const SPARE_MS = 60_000;

export function planSteps(seconds: number): Step[] {
	const forMs = seconds * 1000;
	return [
		{ kind: "latency", title: "1 stream", targets: TARGET_NAMES, ...turns(forMs, streams(1), BURST) },
		{
			kind: "latency",
			title: `1 stream, ${TOKEN_MS} ms a chunk`,
			targets: PAIR,
			...turns(forMs / 2, streams(1), { chunks: CHUNKS, paceMs: TOKEN_MS }),
		},
		{
			kind: "latency",
			title: `50 streams, ${SLOW_TOKEN_MS} ms a chunk`,
			targets: PAIR,
			...turns(forMs, streams(50), { chunks: CHUNKS, paceMs: SLOW_TOKEN_MS }, 2),
		},
		{ kind: "latency", title: "100 requests/s", targets: PAIR, ...turns(forMs, { kind: "rate", perSecond: 100 }, BURST) },
		{ kind: "latency", title: "200 requests/s", targets: PAIR, ...turns(forMs, { kind: "rate", perSecond: 200 }, BURST) },
		...[1, 32, 200].map((count): Step => ({
			kind: "ceiling",
			title: `${count} at a time`,
			targets: PAIR,
			...turns(forMs * 0.75, streams(count, 0), BURST, 1),
		})),
		{ kind: "held", title: `${HELD} streams, ${TOKEN_MS} ms a chunk`, targets: PAIR, rounds: 1, slice: held(forMs * 0.75) },
	];
}

/** Runs first and counts for nothing: compilers and pools warm up. */
export const WARM_UP: Step = { kind: "latency", title: "Warming up", targets: TARGET_NAMES, ...turns(1_000, streams(8), BURST, 1) };

/** When a run must be over, whatever happens. */
export function limitMs(seconds: number): number {
	const planned = [WARM_UP, ...planSteps(seconds)].map(({ targets, rounds, slice }) => targets.length * rounds * slice.forMs);
	return SPARE_MS + 3 * planned.reduce((total, ms) => total + ms, 0);
}

const PAIR: readonly TargetName[] = ["direct", "routed"];

function turns(
	forMs: number,
	arrivals: Arrivals,
	answer: { chunks: number; paceMs: number },
	wanted?: number,
): Pick<Step, "rounds" | "slice"> {
	const rounds = wanted ?? Math.max(1, Math.round(forMs / SLICE_MS));
	return { rounds, slice: { arrivals, ...answer, forMs: forMs / rounds } };
}

function streams(count: number, spreadMs = count > 1 ? SPREAD_MS : 0): Arrivals {
	return { kind: "streams", count, spreadMs };
}

/** Every stream lasts through the whole window. */
function held(forMs: number): Step["slice"] {
	return { arrivals: streams(HELD), chunks: Math.ceil((forMs + SPREAD_MS) / TOKEN_MS) + 1, paceMs: TOKEN_MS, forMs };
}
