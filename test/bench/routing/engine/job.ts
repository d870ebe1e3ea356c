/** A request on a simulated machine. Seconds. */
import type { Session } from "../workload/session.ts";

export interface Work {
	readonly id: string;
	readonly session: Session;
	readonly turn: number;
	readonly promptTokens: number;
	readonly outputTokens: number;
	/** Came past the router. */
	readonly isExternal: boolean;
}

export interface Job {
	readonly work: Work;
	/** At the machine. */
	readonly sentAt: number;
	phase: "queued" | "prefill" | "decode";
	/** Of the phase, on a machine to itself. */
	remainingS: number;
	decodeS: number;
	attachedAt: number;
	startedAt: number;
	firstTokenAt: number;
	cachedTokens: number;
}

export function newJob(work: Work, sentAt: number): Job {
	return {
		work,
		sentAt,
		phase: "queued",
		remainingS: 0,
		decodeS: 0,
		attachedAt: sentAt,
		startedAt: sentAt,
		firstTokenAt: sentAt,
		cachedTokens: 0,
	};
}

/** Ollama's counters at the end of an answer. */
export interface Counters {
	readonly promptTokens: number;
	readonly outputTokens: number;
	readonly loadMs: number;
	readonly prefillMs: number;
	readonly decodeMs: number;
	readonly totalMs: number;
}

export function countersOf(job: Job, now: number): Counters {
	return {
		promptTokens: job.work.promptTokens,
		outputTokens: job.work.outputTokens,
		loadMs: (job.attachedAt - job.sentAt) * 1000,
		prefillMs: (job.firstTokenAt - job.startedAt) * 1000,
		decodeMs: (now - job.firstTokenAt) * 1000,
		totalMs: (now - job.sentAt) * 1000,
	};
}
