/**
 * Passes a node's body on untouched and natively while a second branch of it is read now and then, for the counters at its
 * end. The figures behind the design: reference/workerd.md section 2.
 */
import { cutOff } from "./cut-off.ts";
import type { Passed } from "./forms/form.ts";
import { gone } from "./gone.ts";
import type { LastWords } from "./last-words.ts";
import type { StreamEnd } from "./stream-end.ts";

/** Ollama's counters come last; a line before them may be huge (`context`). */
const TAIL_BYTES = 2_048;
/** Enough for the id of a response in its first event. */
const HEAD_BYTES = 512;
/** The native side buffers meanwhile; reading every chunk would cost a turn of the event loop each. */
const SAMPLE_EVERY_MS = 500;
/** Small: it is held for as long as the stream lives. (64 KB cost 25 MB of workerd at 200 streams.) */
const READ_BYTES = 4_096;
/** How long the side branch may take to notice that the node broke off. */
const NOTICE_MS = 5;

export interface Metered {
	readonly response: Response;
	/** Epoch milliseconds, to about a second. */
	readonly lastByteAt: () => number;
	readonly done: Promise<{ end: StreamEnd; bytes: number; tail: string; endedAt: number }>;
}

interface MeterOptions {
	readonly abort: AbortController;
	readonly clientSignal: AbortSignal;
	readonly headers: Headers;
	readonly now: () => number;
	/** Undefined for a body to which nothing can be added: broken off, it is cut. */
	readonly lastWords?: LastWords | undefined;
}

export function meter(upstream: Response, options: MeterOptions): Metered {
	const { headers, now } = options;
	const init = { status: upstream.status, statusText: upstream.statusText, headers };
	if (!upstream.body)
		return {
			response: new Response(null, init),
			lastByteAt: now,
			done: Promise.resolve({ end: "complete", bytes: 0, tail: "", endedAt: now() }),
		};
	const [clientSide, countingSide] = upstream.body.tee();
	const pipe = pipeFor(upstream.headers.get("content-length"));
	const { state, ended } = passOn(clientSide, pipe.writable, options);
	const tail = new Tail(now);
	const done = count(countingSide, { tail, state, ended, ...options }).then(async (counted) => {
		const { end, head, tail: passed } = counted;
		const { lastWords, clientSignal } = options;
		await Promise.race([finish(pipe.writable, { end, passed: { head, tail: passed }, lastWords }), gone(clientSignal)]);
		return counted;
	});
	return { response: new Response(pipe.readable, init), lastByteAt: () => tail.lastAt, done };
}

/** The client's end stays open where something may have to be said behind the node's. */
function passOn(
	clientSide: ReadableStream<Uint8Array>,
	writable: WritableStream<Uint8Array>,
	{ clientSignal, lastWords, now }: MeterOptions,
): { state: PipeState; ended: Promise<void> } {
	const state: PipeState = { end: undefined, endedAt: 0 };
	const ended = new Promise<void>((resolve) => {
		const settle = (end: StreamEnd) => {
			if (state.end === undefined) Object.assign(state, { end, endedAt: now() });
			resolve();
		};
		clientSide.pipeTo(writable, { preventAbort: true, preventClose: lastWords?.looksAtEnd ?? false }).then(
			() => settle("complete"),
			() => settle(clientSignal.aborted ? "client-gone" : "node-died"),
		);
		clientSignal.addEventListener("abort", () => settle("client-gone"), { once: true });
	});
	return { state, ended };
}

/** Every body that is still open is ended here, whatever happened. */
async function finish(
	writable: WritableStream<Uint8Array>,
	{ end, passed, lastWords }: { end: StreamEnd; passed: Passed; lastWords: LastWords | undefined },
): Promise<void> {
	if (end === "complete" && !lastWords?.looksAtEnd) return;
	const ending = end === "client-gone" ? undefined : lastWords?.after(passed, end === "node-died");
	try {
		// Throws while the pipe holds it, which then ends it too: the client has left
		const writer = writable.getWriter();
		if (ending) await writer.write(new TextEncoder().encode(ending.text));
		if (ending?.cut) await cutOff(writer);
		else await (ending || end === "complete" ? writer.close() : writer.abort());
	} catch {
		// The client has left meanwhile
	}
}

interface PipeState {
	end: StreamEnd | undefined;
	endedAt: number;
}

/** A body of known length keeps its Content-Length. */
function pipeFor(contentLength: string | null): TransformStream<Uint8Array, Uint8Array> {
	return contentLength === null ? new IdentityTransformStream() : new FixedLengthStream(Number(contentLength));
}

interface Counting extends Pick<MeterOptions, "abort" | "clientSignal"> {
	readonly tail: Tail;
	readonly state: PipeState;
	readonly ended: Promise<void>;
}

async function count(
	side: ReadableStream<Uint8Array>,
	{ tail, state, ended, abort, clientSignal }: Counting,
): Promise<{ end: StreamEnd; bytes: number; head: string; tail: string; endedAt: number }> {
	let nodeBroke = false;
	try {
		await drain(side, { tail, ended, isOver: () => state.end });
	} catch {
		nodeBroke = true;
	}
	await ended;
	const end = endOf(state.end, nodeBroke && !clientSignal.aborted);
	if (end !== "complete") abort.abort();
	return { end, bytes: tail.bytes, head: tail.head, tail: tail.text(), endedAt: state.endedAt };
}

/** A pipe that broke while the node's own side broke too was the node's doing; alone, the client's. */
function endOf(piped: StreamEnd | undefined, nodeBroke: boolean): StreamEnd {
	if (piped === "complete") return "complete";
	return nodeBroke ? "node-died" : "client-gone";
}

async function drain(
	side: ReadableStream<Uint8Array>,
	{ tail, ended, isOver }: { tail: Tail; ended: Promise<void>; isOver: () => StreamEnd | undefined },
): Promise<void> {
	const read = readerOf(side);
	let pending: Promise<ReadableStreamReadResult<Uint8Array>> | undefined;
	for (;;) {
		pending ??= read();
		let result = await Promise.race([pending, ended]);
		if (!result) result = isOver() === "complete" ? await pending : await Promise.race([pending, scheduler.wait(NOTICE_MS)]);
		if (!result) return;
		pending = undefined;
		if (result.value) tail.add(result.value);
		if (result.done) return;
		const more = (result.value?.byteLength ?? 0) >= READ_BYTES;
		if (!more && !isOver()) await Promise.race([ended, scheduler.wait(SAMPLE_EVERY_MS)]);
	}
}

/** A native body is read into buffers of ours; one that script has touched (an echoed model name) hands out its own chunks. */
function readerOf(side: ReadableStream<Uint8Array>): () => Promise<ReadableStreamReadResult<Uint8Array>> {
	try {
		const reader = side.getReader({ mode: "byob" });
		return () => reader.read(new Uint8Array(READ_BYTES));
	} catch {
		const reader = side.getReader();
		return () => reader.read();
	}
}

/** The last bytes of a body, a few of its first, and how many there were. */
class Tail {
	#bytes = new Uint8Array(0);
	readonly #now: () => number;
	bytes = 0;
	head = "";
	lastAt: number;

	constructor(now: () => number) {
		this.#now = now;
		this.lastAt = now();
	}

	add(chunk: Uint8Array): void {
		this.lastAt = this.#now();
		if (this.bytes === 0) this.head = new TextDecoder().decode(chunk.subarray(0, HEAD_BYTES));
		this.bytes += chunk.byteLength;
		const joined = new Uint8Array(this.#bytes.byteLength + chunk.byteLength);
		joined.set(this.#bytes);
		joined.set(chunk, this.#bytes.byteLength);
		this.#bytes = joined.slice(-TAIL_BYTES);
	}

	text(): string {
		return new TextDecoder().decode(this.#bytes);
	}
}
