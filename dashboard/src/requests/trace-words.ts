/** What happened to a request, in words and figures. Pure. */
import type { Attempt, Trace, TraceStatus } from "../../../worker/protocol/trace.ts";
import type { Tone } from "../tone.ts";

export const STATUS: Record<TraceStatus, { tone: Tone; words: string }> = {
	completed: { tone: "ok", words: "answered" },
	failed: { tone: "broken", words: "failed" },
	incomplete: { tone: "broken", words: "cut off" },
	no_output: { tone: "attention", words: "empty answer" },
	rejected: { tone: "attention", words: "refused" },
	client_disconnected: { tone: "resting", words: "client left" },
};

const REASONS: Record<string, string> = {
	"hot-idle": "It had the model in memory and nothing else to do.",
	"hot-shared": "It had the model in memory and a place free beside other work.",
	"wait-hot": "Waiting for it was quicker than loading the model elsewhere.",
	"cold-idle": "It was free and could load the model soonest.",
	"wait-cold": "It was the first with a place to load the model in.",
	"cold-shared": "It could load the model beside its other work.",
	evict: "It made room for the model by pushing out another.",
	"only-node": "It was the only machine that could serve the model.",
	affinity: "It remembered the beginning of this conversation.",
	fallback: "The model asked for could not be served in time, so another took its place.",
};

/** Why this machine, or why none, as a sentence. */
export function whyWords({ reason, node_id, status }: Trace): string {
	if (reason !== null) return reasonWords(reason);
	if (node_id !== "") return "No reason was kept.";
	return status === "client_disconnected" ? "The client left before a machine had a place." : "It was refused before a machine was chosen.";
}

/** A reason this page does not know is shown as the router names it. */
function reasonWords(reason: string): string {
	return (Object.hasOwn(REASONS, reason) ? REASONS[reason] : undefined) ?? `${reason.replaceAll("-", " ")}.`;
}

const FAILURES: Record<string, string> = {
	"node-silent": "went silent before answering",
	"door-lost": "could not be reached, or broke off before answering",
	connect: "had an Ollama that could not be reached",
	timeout: "gave no first byte in time",
	reset: "had an Ollama that broke off before answering",
	"server-error": "answered with an error",
	"door-refused": "did not take the router's secret",
	busy: "had a full queue",
	garbage: "was answered for by something that is no Ollama",
	"broke-off": "broke off in the middle of its answer",
	draining: "was being stopped",
	"client-gone": "had not answered when the client left",
};

/** What came of one try, said after the machine's name. */
export function attemptWords({ failure }: Attempt): string {
	if (failure === undefined) return "began to answer";
	return (Object.hasOwn(FAILURES, failure) ? FAILURES[failure] : undefined) ?? `failed: ${failure.replaceAll("-", " ")}`;
}

/** Tokens per second while it was writing; unknown without both times or when the answer came in one piece. */
export function decodeRate({ completion_tokens, latency_ms, time_to_first_token_ms }: Trace): number | undefined {
	if (!completion_tokens || latency_ms === null || time_to_first_token_ms === null) return undefined;
	const writingMs = latency_ms - time_to_first_token_ms;
	return writingMs > 0 && completion_tokens > 1 ? (completion_tokens / writingMs) * 1000 : undefined;
}

export interface Phase {
	readonly name: "waiting" | "loading" | "reading" | "writing" | "working";
	readonly ms: number;
}

/** Where the time went, in order; phases without a length are left out. Without a first token nobody knows what it worked at. */
export function phasesOf(trace: Trace): Phase[] {
	const { latency_ms, time_to_first_token_ms } = trace;
	if (latency_ms === null) return [];
	const waiting = Math.min(trace.queue_ms, latency_ms);
	const firstToken = Math.max(waiting, Math.min(time_to_first_token_ms ?? latency_ms, latency_ms));
	const loading = Math.min(trace.load_ms ?? 0, firstToken - waiting);
	const phases: Phase[] = [
		{ name: "waiting", ms: waiting },
		{ name: "loading", ms: loading },
		{ name: time_to_first_token_ms === null ? "working" : "reading", ms: firstToken - waiting - loading },
		{ name: "writing", ms: latency_ms - firstToken },
	];
	return phases.filter(({ ms }) => ms >= 1);
}

export interface Points {
	readonly signal: string;
	readonly points: number;
}

const SIGNALS: Record<string, string> = {
	thermal: "model in memory",
	memory_fit: "memory to spare",
	queue_depth: "work already there",
	wait_time: "usual wait",
	role_affinity: "size fits machine",
	availability_trend: "usually free",
	context_fit: "context fits",
	prefix_affinity: "knows the prompt",
};

/** The signals of a score in their fixed order, unknown ones last; the total is told apart. */
export function signalsOf(breakdown: Record<string, number>): Points[] {
	const known = Object.keys(SIGNALS).filter((key) => Object.hasOwn(breakdown, key));
	const others = Object.keys(breakdown).filter((key) => key !== "total" && !Object.hasOwn(SIGNALS, key));
	return [...known, ...others].map((key) => ({ signal: SIGNALS[key] ?? key.replaceAll("_", " "), points: breakdown[key] ?? 0 }));
}
