/**
 * Passes a node's body on untouched and natively while a second branch of it is read now and then, for the counters at its
 * end. The figures behind the design: reference/workerd.md section 2.
 */
import type { StreamEnd } from "./stream-end.ts";
import { watchdog } from "./watchdog.ts";

/** Ollama's counters come last; a line before them may be huge (`context`). */
const TAIL_BYTES = 2_048;
/** The native side buffers meanwhile; reading every chunk would cost a turn of the event loop each. */
const SAMPLE_EVERY_MS = 500;
/** Small: it is held for as long as the stream lives. (64 KB cost 25 MB of workerd at 200 streams.) */
const READ_BYTES = 4_096;
/** How long the side branch may take to notice that the node broke off. */
const NOTICE_MS = 5;

export interface Metered {
	readonly response: Response;
	readonly done: Promise<{ end: StreamEnd; bytes: number; tail: string; endedAt: number }>;
}

interface MeterOptions {
	readonly abort: AbortController;
	readonly clientSignal: AbortSignal;
	readonly headers: Headers;
	readonly now: () => number;
	/** A node that sends nothing for so long is given up. For ever when absent: a download may rest. */
	readonly staleAfterMs?: number;
}

export function meter(upstream: Response, { abort, clientSignal, headers, now, staleAfterMs }: MeterOptions): Metered {
	const init = { status: upstream.status, statusText: upstream.statusText, headers };
	if (!upstream.body)
		return { response: new Response(null, init), done: Promise.resolve({ end: "complete", bytes: 0, tail: "", endedAt: now() }) };
	const [clientSide, countingSide] = upstream.body.tee();
	const pipe = pipeFor(upstream.headers.get("content-length"));
	const state: PipeState = { end: undefined, endedAt: 0 };
	const ended = new Promise<void>((resolve) => {
		const settle = (end: StreamEnd) => {
			if (state.end === undefined) Object.assign(state, { end, endedAt: now() });
			resolve();
		};
		clientSide.pipeTo(pipe.writable).then(
			() => settle("complete"),
			() => settle(clientSignal.aborted ? "client-gone" : "node-died"),
		);
		clientSignal.addEventListener("abort", () => settle("client-gone"), { once: true });
	});
	return { response: new Response(pipe.readable, init), done: count(countingSide, { state, ended, abort, clientSignal, staleAfterMs }) };
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
	readonly state: PipeState;
	readonly ended: Promise<void>;
	readonly staleAfterMs: number | undefined;
}

async function count(
	side: ReadableStream<Uint8Array>,
	{ state, ended, abort, clientSignal, staleAfterMs }: Counting,
): Promise<{ end: StreamEnd; bytes: number; tail: string; endedAt: number }> {
	const tail = new Tail();
	let nodeBroke = false;
	const dog = watchdog(staleAfterMs, () => abort.abort());
	try {
		await drain(side, { tail, ended, isOver: () => state.end, onBytes: dog.feed });
	} catch {
		nodeBroke = true;
	}
	dog.stop();
	await ended;
	const end = endOf(state.end, nodeBroke && !clientSignal.aborted);
	if (end !== "complete") abort.abort();
	return { end, bytes: tail.bytes, tail: tail.text(), endedAt: state.endedAt };
}

/** A pipe that broke while the node's own side broke too was the node's doing; alone, the client's. */
function endOf(piped: StreamEnd | undefined, nodeBroke: boolean): StreamEnd {
	if (piped === "complete") return "complete";
	return nodeBroke ? "node-died" : "client-gone";
}

async function drain(
	side: ReadableStream<Uint8Array>,
	{ tail, ended, isOver, onBytes }: { tail: Tail; ended: Promise<void>; isOver: () => StreamEnd | undefined; onBytes: () => void },
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
		onBytes();
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

/** The last bytes of a body, and how many there were. */
class Tail {
	#bytes = new Uint8Array(0);
	bytes = 0;

	add(chunk: Uint8Array): void {
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
