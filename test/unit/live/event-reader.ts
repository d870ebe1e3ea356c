/** Reads server-sent events as the HTML standard has them. */

export interface ReadEvent {
	/** "" for an event without a name. */
	readonly name: string;
	readonly id: string;
	readonly data: unknown;
}

export class EventReader {
	readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
	readonly #decoder = new TextDecoder();
	readonly #leave: () => void;
	#text = "";
	/** Milliseconds, once the stream has said so. */
	retryMs: number | undefined;

	/** `leave` hangs up. */
	constructor(stream: ReadableStream<Uint8Array>, leave: () => void) {
		this.#reader = stream.getReader();
		this.#leave = leave;
	}

	async next(): Promise<ReadEvent> {
		for (;;) {
			const event = readBlock(await this.#block());
			this.retryMs ??= event.retryMs;
			if (event.data !== "") return { name: event.name, id: event.id, data: JSON.parse(event.data) };
		}
	}

	/** The next of that name; others are passed over. */
	async until(name: string): Promise<ReadEvent> {
		for (;;) {
			const event = await this.next();
			if (event.name === name) return event;
		}
	}

	async close(): Promise<void> {
		this.#leave();
		await this.#reader.cancel().catch(() => undefined);
	}

	async #block(): Promise<string> {
		while (!this.#text.includes("\n\n")) {
			const { done, value } = await this.#reader.read();
			if (done) throw new Error("The stream has ended");
			this.#text += this.#decoder.decode(value, { stream: true });
		}
		const end = this.#text.indexOf("\n\n");
		const block = this.#text.slice(0, end);
		this.#text = this.#text.slice(end + 2);
		return block;
	}
}

function readBlock(block: string) {
	const fields: Record<string, string> = {};
	for (const line of block.split("\n")) {
		const colon = line.indexOf(":");
		if (colon > 0) fields[line.slice(0, colon)] = line.slice(colon + 1).replace(/^ /, "");
	}
	const { event = "", id = "", data = "", retry } = fields;
	return { name: event, id, data, retryMs: retry === undefined ? undefined : Number(retry) };
}
