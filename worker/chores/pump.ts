/** Passes a node's body on piece by piece, with a word to say before each. For answers of few pieces: big ones go natively. */
import type { StreamEnd } from "../dispatch/stream-end.ts";

interface PumpOptions {
	/** Ends the node's side. */
	readonly abort: AbortController;
	readonly clientSignal: AbortSignal;
	/** The piece is sent when this is over. */
	readonly each: (chunk: Uint8Array) => Promise<void>;
}

export function pump(upstream: Response, options: PumpOptions): { readable: ReadableStream<Uint8Array> | null; ended: Promise<StreamEnd> } {
	if (!upstream.body) return { readable: null, ended: Promise.resolve("complete") };
	const length = upstream.headers.get("content-length");
	const pipe = length === null ? new IdentityTransformStream() : new FixedLengthStream(Number(length));
	return { readable: pipe.readable, ended: run(upstream.body, pipe.writable, options) };
}

async function run(
	from: ReadableStream<Uint8Array>,
	to: WritableStream<Uint8Array>,
	{ abort, clientSignal, each }: PumpOptions,
): Promise<StreamEnd> {
	const [reader, writer] = [from.getReader(), to.getWriter()];
	const hangUp = () => abort.abort();
	clientSignal.addEventListener("abort", hangUp, { once: true });
	// A client that leaves between two pieces shows here first
	writer.closed.catch(hangUp);
	let writing = false;
	try {
		for (;;) {
			writing = false;
			const { value, done } = await reader.read();
			if (done) break;
			await each(value);
			writing = true;
			await writer.write(value);
		}
		writing = true;
		await writer.close();
		return "complete";
	} catch (error) {
		hangUp();
		if (writing || clientSignal.aborted) return "client-gone";
		await writer.abort(error).catch(() => undefined);
		return "node-died";
	} finally {
		clientSignal.removeEventListener("abort", hangUp);
	}
}
