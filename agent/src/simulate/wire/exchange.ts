/** One request and its answer, written the way Go's HTTP server writes: header order, framing, nothing sent before the first byte of the body. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Faults } from "../machine/faults.ts";

/** Go holds back a body this long to count it; a longer one is chunked. */
const COUNTED_BODY_BYTES = 2048;
/** Bytes from here on begin a character of several bytes. */
const FIRST_LONG_CHARACTER = 0xc0;

export type Header = readonly [name: string, value: string];

export interface Answer {
	status: number;
	type?: string;
	body?: string | Buffer;
	/** Set by a handler beside the type, in any order. */
	headers?: readonly Header[];
	/** Chunked, although short: an error found inside the runner while streaming. */
	chunked?: boolean;
}

export class Exchange {
	readonly method: string;
	readonly path: string;
	readonly query: string;
	/** Fires when the client is gone, also when it only closed its sending side. */
	readonly signal: AbortSignal;
	readonly startedAt: number;
	readonly #incoming: IncomingMessage;
	readonly #outgoing: ServerResponse;
	readonly #left = new AbortController();
	/** Headers every answer to this request carries, CORS for example. */
	readonly #always: Header[] = [];
	readonly #faults: Faults;
	#chunks = 0;
	/** Waits for the next line, when lines are made to travel in pairs. */
	#held = "";

	constructor(incoming: IncomingMessage, outgoing: ServerResponse, context: { startedAt: number; faults: Faults }) {
		// A proxy's client names the whole address.
		const [path = "/", query = ""] = (incoming.url ?? "/").replace(/^https?:\/\/[^/]*/, "").split("?", 2);
		this.method = incoming.method ?? "GET";
		this.path = path;
		this.query = query;
		this.startedAt = context.startedAt;
		this.#faults = context.faults;
		this.#incoming = incoming;
		this.#outgoing = outgoing;
		this.signal = this.#left.signal;
		outgoing.sendDate = false;
		// Marks the header as taken out, so that none is added on its own.
		outgoing.removeHeader("connection");
		outgoing.once("close", () => this.#left.abort());
		incoming.socket.once("end", this.#onHalfClose);
		outgoing.once("close", () => incoming.socket.off("end", this.#onHalfClose));
	}

	readonly #onHalfClose = () => this.#left.abort("half-closed");

	header(name: string): string | undefined {
		const value = this.#incoming.headers[name];
		return Array.isArray(value) ? value.join(", ") : value;
	}

	/** Whether the client can still read although it sends no more. */
	get halfClosed(): boolean {
		return this.signal.reason === "half-closed";
	}

	async body(): Promise<Buffer> {
		const parts: Buffer[] = [];
		for await (const part of this.#incoming) parts.push(part);
		return Buffer.concat(parts);
	}

	/** Reads away and counts a body of any size. */
	bodyStream(): AsyncIterable<Buffer> {
		return this.#incoming;
	}

	always(...headers: Header[]): void {
		this.#always.push(...headers);
	}

	send({ status, type, body = "", headers = [], chunked }: Answer): void {
		const bytes = Buffer.from(body);
		const counted = !chunked && bytes.length <= COUNTED_BODY_BYTES;
		const framing: Header[] = counted ? [["Content-Length", String(bytes.length)]] : this.#chunkedHeader();
		// A bodiless answer of a HEAD request keeps its length only where Go's handler wrote a body.
		this.#writeHead(status, type, headers, this.method === "HEAD" && body === "" ? [] : framing);
		this.#outgoing.end(this.method === "HEAD" ? undefined : bytes);
	}

	/** Without any framing header, as 204 and HEAD answers without a body go. */
	sendBare(status: number, headers: readonly Header[] = [], type?: string): void {
		this.#writeHead(status, type, headers, []);
		this.#outgoing.end();
	}

	/** Begins a stream; the head travels with the first chunk. */
	open(type: string, headers: readonly Header[] = []): void {
		this.#writeHead(200, type, headers, this.#chunkedHeader());
	}

	/** One HTTP chunk. Resolves when the reader keeps up, or has left. */
	async write(chunk: string): Promise<void> {
		this.#chunks++;
		if (await this.#broken(chunk)) return;
		const { splitCharacters, joinLines } = this.#faults;
		if (joinLines && this.#chunks % 2 === 1) {
			this.#held = chunk;
			return;
		}
		const bytes = Buffer.from(this.#held + chunk);
		this.#held = "";
		const middle = splitCharacters ? bytes.findIndex((byte) => byte >= FIRST_LONG_CHARACTER) + 1 : 0;
		if (middle > 0) await this.#flush(bytes.subarray(0, middle));
		await this.#flush(bytes.subarray(middle));
	}

	async #flush(bytes: Buffer): Promise<void> {
		if (this.#outgoing.write(bytes) || this.#outgoing.destroyed) return;
		await new Promise<void>((resolve) => {
			const go = () => {
				this.#outgoing.off("drain", go);
				this.#outgoing.off("close", go);
				resolve();
			};
			this.#outgoing.on("drain", go);
			this.#outgoing.on("close", go);
		});
	}

	end(): void {
		this.#outgoing.end(this.#held === "" ? undefined : this.#held);
	}

	/** Gives up without an answer. */
	drop(): void {
		this.#outgoing.destroy();
	}

	get gone(): boolean {
		return this.#outgoing.destroyed || this.#outgoing.writableEnded;
	}

	async #broken(chunk: string): Promise<boolean> {
		const fault = this.#faults.stream;
		if (this.gone) return true;
		if (!fault || this.#chunks <= fault.afterChunks) return false;
		if (fault.kind === "error-line") this.#outgoing.write('{"error":"an error was encountered while running the model: unexpected EOF"}\n');
		if (fault.kind === "hang") await this.#leaving();
		if (fault.kind === "reset") {
			this.#outgoing.write(chunk.slice(0, Math.ceil(chunk.length / 2)));
			this.#incoming.socket.resetAndDestroy();
		} else this.end();
		return true;
	}

	/** A client that only closes its sending side leaves too. */
	#leaving(): Promise<void> {
		return new Promise((resolve) => {
			if (this.signal.aborted) resolve();
			else this.signal.addEventListener("abort", () => resolve(), { once: true });
		});
	}

	#chunkedHeader(): Header[] {
		return this.#incoming.httpVersion === "1.0" ? [] : [["Transfer-Encoding", "chunked"]];
	}

	#writeHead(status: number, type: string | undefined, headers: readonly Header[], framing: readonly Header[]): void {
		const own: Header[] = [...this.#always, ...headers];
		if (type !== undefined) own.push(["Content-Type", type]);
		const asked = this.header("connection")?.toLowerCase() === "close";
		const close: Header[] = asked ? [["Connection", "close"]] : [];
		const isChunked = framing[0]?.[0] === "Transfer-Encoding";
		const sorted = own.toSorted(([one], [other]) => (one < other ? -1 : Number(one > other)));
		const tail = isChunked ? [...close, ...framing] : [...framing, ...close];
		const date: Header = ["Date", new Date().toUTCString()];
		if (asked) this.#outgoing.shouldKeepAlive = false;
		this.#outgoing.writeHead(status, [...sorted, date, ...tail].flat());
	}
}
