/** Sends one request of a run through the router as any client would, to the one node that is measured. Never throws. */
import { KINDS, type Line, readLine, saysSomething } from "./kinds.ts";
import type { Pair } from "./plan.ts";
import { failed, type Sample } from "./sample.ts";

const MOST_WORDS = 200;
const NS_PER_MS = 1e6;

export interface AskPorts {
	/** The router's own front door. */
	readonly ask: (path: string, init: RequestInit) => Promise<Response>;
	/** Milliseconds. */
	readonly now: () => number;
	readonly signal: AbortSignal;
}

export interface Question {
	readonly pair: Pair;
	readonly prompt: string;
	/** Loads the model; nothing is measured. */
	readonly isWarmUp: boolean;
}

/** `benchmark` among the tags, as the origin has it; it waits as a batch, and nothing stands in for its model. */
const HEADERS = { "content-type": "application/json", "x-fleet-class": "batch", "x-herd-tags": "benchmark", "x-fleet-no-fallback": "true" };

export async function askOnce({ pair, prompt, isWarmUp }: Question, { ask, now, signal }: AskPorts): Promise<Sample> {
	const { path, body } = KINDS[pair.type];
	const sentAt = now();
	try {
		const headers = { ...HEADERS, "x-fleet-only-node": pair.nodeId };
		const response = await ask(path, { method: "POST", headers, body: JSON.stringify(body(pair, prompt, isWarmUp)), signal });
		if (!response.ok || !response.body) return failed(await wordsOf(response), now() - sentAt);
		// An answer that was begun before its place was found tells no wait
		const queueMs = Number(response.headers.get("x-fleet-queue-ms") ?? Number.NaN);
		const { first, last } = await readAnswer(response.body, now);
		if (!last || last.error !== undefined) return failed(last?.error?.slice(0, MOST_WORDS) ?? "it answered nothing", now() - sentAt);
		const ttftMs = (first ?? Number.NaN) - sentAt - queueMs;
		const ttft = Number.isNaN(ttftMs) ? {} : { ttftMs: Math.max(0, ttftMs) };
		return { latencyMs: now() - sentAt, ...ttft, ...countersOf(last) };
	} catch (error) {
		return failed(signal.aborted ? "it was ended" : String(error).slice(0, MOST_WORDS), now() - sentAt);
	}
}

async function readAnswer(body: ReadableStream<Uint8Array>, now: () => number): Promise<{ first?: number; last?: Line }> {
	let [rest, first, last]: [string, number | undefined, Line | undefined] = ["", undefined, undefined];
	for await (const text of body.pipeThrough(new TextDecoderStream())) {
		const lines = (rest + text).split("\n");
		rest = lines.pop() ?? "";
		for (const line of lines.map(readLine)) {
			if (line && saysSomething(line)) first ??= now();
			last = line ?? last;
		}
	}
	last = readLine(rest) ?? last;
	return { ...(first !== undefined && { first }), ...(last && { last }) };
}

function countersOf(line: Line): Pick<Sample, "promptTokens" | "completionTokens" | "prefillMs" | "decodeMs"> {
	const {
		prompt_eval_count: promptTokens = 0,
		eval_count: completionTokens = 0,
		prompt_eval_duration: prefill,
		eval_duration: decode,
	} = line;
	return {
		promptTokens,
		completionTokens,
		...(prefill !== undefined && { prefillMs: prefill / NS_PER_MS }),
		...(decode !== undefined && { decodeMs: decode / NS_PER_MS }),
	};
}

async function wordsOf(response: Response): Promise<string> {
	const text = await response.text();
	const error = readLine(text)?.error;
	return `${response.status}: ${(error ?? text).slice(0, MOST_WORDS)}`;
}
