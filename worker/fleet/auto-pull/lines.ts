/** Reads a stream of JSON lines as they come; what is no JSON is passed over. */

/** A line of progress has a few hundred. */
const MAX_LINE_CHARACTERS = 65_536;

/**
 * Throws when the stream breaks, and as soon as `signal` is aborted, whatever the transport does about it. Whoever stops reading
 * before the end closes the stream.
 */
export async function* jsonLines(body: ReadableStream<Uint8Array>, signal: AbortSignal): AsyncGenerator<unknown> {
	const reader = body.getReader();
	const decoder = new TextDecoder();
	// Ends a read that waits
	const close = () => void reader.cancel().catch(() => undefined);
	signal.addEventListener("abort", close, { once: true });
	let rest = "";
	try {
		for (;;) {
			const { value, done } = await reader.read();
			if (signal.aborted) throw new Error("Ended from here");
			rest += done ? "\n" : decoder.decode(value, { stream: true });
			const lines = rest.split("\n");
			rest = (lines.pop() ?? "").slice(-MAX_LINE_CHARACTERS);
			for (const line of lines) yield* parsed(line);
			if (done) return;
		}
	} finally {
		signal.removeEventListener("abort", close);
		close();
	}
}

function* parsed(line: string): Generator<unknown> {
	if (line.trim() === "") return;
	try {
		yield JSON.parse(line);
	} catch {
		// The next line may be whole
	}
}
