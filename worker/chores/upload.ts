/**
 * A client's body on its way to a node, passed on as it comes. By hand, because Ollama answers at once, without reading on, for
 * a file that it has already: a native pipe then breaks both ways, and a client that is cut off while it sends loses the answer.
 */

const PIECE_BYTES = 65_536;
/** What a client still sends after the answer is thrown away for so long; it should have asked first, and is cut off then. */
const REST_MS = 10_000;

export interface Upload {
	readonly body: ReadableStream<Uint8Array> | null;
	/** To be called once the node has answered or failed: resolves when the client has sent the rest, which nobody wants. */
	finish(): Promise<void>;
}

export function startUpload({ body, headers }: Request): Upload {
	if (!body) return { body, finish: () => Promise.resolve() };
	const length = headers.get("content-length");
	const pipe = length === null ? new IdentityTransformStream() : new FixedLengthStream(Number(length));
	const over = Promise.withResolvers<void>();
	const reader = body.getReader({ mode: "byob" });
	const passed = pass(reader, pipe.writable.getWriter(), over.promise);
	return {
		body: pipe.readable,
		async finish() {
			over.resolve();
			await Promise.race([passed, scheduler.wait(REST_MS)]);
			await reader.cancel().catch(() => undefined);
		},
	};
}

/** Never rejects: a client that leaves ends the node's side, a node that has had enough does not end the client's. */
async function pass(reader: ReadableStreamBYOBReader, writer: WritableStreamDefaultWriter<Uint8Array>, over: Promise<void>): Promise<void> {
	let wanted = true;
	const unwanted = () => {
		wanted = false;
	};
	const still = over.then(unwanted);
	// One buffer for all pieces, handed back with each; a new one a piece would leave more garbage than the whole router needs
	let buffer = new ArrayBuffer(PIECE_BYTES);
	try {
		for (;;) {
			const { value, done } = await reader.read(new Uint8Array(buffer));
			if (done) break;
			if (wanted) await Promise.race([writer.write(value).catch(unwanted), still]);
			buffer = value.buffer;
		}
		if (wanted) await Promise.race([writer.close().catch(unwanted), still]);
	} catch (error) {
		await Promise.race([writer.abort(error).catch(unwanted), still]);
	}
}
