/**
 * How many requests Ollama works on that did not come through the door. Pure.
 *
 * That a connection is open says nothing: clients keep theirs for the next question, and Ollama closes none. So each is asked
 * what last went over it. It is at work when something was received and nothing sent since (Ollama sends no byte before the first
 * token, so it waits, loads or reads the prompt), or when something was sent just now, well after the question (it streams; the
 * answer to a look at the list of models is over in no time). Unless runners and GPU rest: then it is a download, or a question
 * sent by half.
 *
 * Where a system does not tell what went over a connection, machine-wide load stands in for it: one job when runner or GPU were
 * busy on two beats without work of our own. A job too few costs a request some seconds; one that never ends would keep the router
 * away for good, so every doubt counts as none.
 */
import type { Connection, Traffic } from "./connection.ts";

/** Tokens of the slowest machines come seconds apart. */
const LONGEST_GAP_MS = 3_000;
/** Lists and versions are answered well within this time. */
const SHORT_ANSWER_MS = 1_000;
/** A little less than the time from one beat to the next. */
const TWO_BEATS_MS = 4_000;
/** In cores and in shares of the GPU: below the first it rests; from the second on it works, whatever the desktop adds. */
const RUNNER = { rests: 0.03, works: 0.2 };
const GPU = { rests: 0.1, works: 0.6 };

export interface Evidence {
	/** Not those of the agent itself; absent where nobody tells. */
	connections?: readonly Connection[];
	/** Cores that Ollama's runners keep busy. */
	runnerLoad?: number;
	/** Of the busiest GPU. */
	gpuLoad?: number;
	hasOwnWork: boolean;
	at: number;
}

export interface Judgement {
	/** Absent where there is nothing to judge by. */
	jobs?: number;
	/** Since when the machine has been busy without work of our own. */
	busySince?: number;
}

export function judge(evidence: Evidence, before: Judgement): Judgement {
	const { connections } = evidence;
	if (connections?.every(({ traffic }) => traffic !== undefined)) {
		return { jobs: rests(evidence) ? 0 : connections.filter(({ traffic = {} }) => isAtWork(traffic)).length };
	}
	return judgeByLoad(evidence, before);
}

export function isAtWork({ receivedMsAgo, sentMsAgo }: Traffic): boolean {
	if (receivedMsAgo === undefined) return false;
	if (sentMsAgo === undefined || receivedMsAgo < sentMsAgo) return true;
	return sentMsAgo < LONGEST_GAP_MS && receivedMsAgo - sentMsAgo > SHORT_ANSWER_MS;
}

/** Surely: something is known, and all that is known rests. */
function rests({ runnerLoad, gpuLoad }: Evidence): boolean {
	if (runnerLoad === undefined && gpuLoad === undefined) return false;
	return (runnerLoad ?? 0) < RUNNER.rests && (gpuLoad ?? 0) < GPU.rests;
}

function judgeByLoad({ runnerLoad, gpuLoad, hasOwnWork, at }: Evidence, { busySince }: Judgement): Judgement {
	if (runnerLoad === undefined && gpuLoad === undefined) return {};
	// A game keeps the GPU busy too: a runner that can be seen knows better.
	const works = runnerLoad === undefined ? (gpuLoad ?? 0) >= GPU.works : runnerLoad >= RUNNER.works;
	if (!works || hasOwnWork) return { jobs: 0 };
	const since = busySince ?? at;
	return { jobs: at - since >= TWO_BEATS_MS ? 1 : 0, busySince: since };
}
