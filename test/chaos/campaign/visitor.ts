/** One client of a campaign, on a bare socket: asks, reads at its own pace, perhaps leaves, and tells what it saw. */
import { connect, type Socket } from "node:net";
import { parseAnswer, type RawAnswer, requestBytes } from "../../journeys/raw-http.ts";
import type { Ask } from "./ask.ts";
import { DIALECTS } from "./dialects.ts";

/** Three tries, each with its time in the queue and to its first byte, and twice as much for a busy machine. */
const BOUND_MS = 120_000;

export interface Seen {
	readonly ask: Ask;
	readonly end: "whole" | "closed" | "left" | "hang" | "unreachable";
	/** Absent when no whole head came. */
	readonly answer: RawAnswer | undefined;
	/** Epoch milliseconds. */
	readonly startedAt: number;
	readonly endedAt: number;
}

export class Visitor {
	readonly ask: Ask;
	readonly seen: Promise<Seen>;
	readonly #startedAt = Date.now();
	readonly #socket: Socket;
	readonly #settle: (seen: Seen) => void;
	readonly #bound: NodeJS.Timeout;
	#received: Buffer = Buffer.alloc(0);
	#over = false;

	constructor(port: number, ask: Ask) {
		this.ask = ask;
		const { promise, resolve } = Promise.withResolvers<Seen>();
		this.seen = promise;
		this.#settle = resolve;
		this.#bound = setTimeout(() => this.#end("hang"), BOUND_MS);
		this.#socket = connect({ host: "127.0.0.1", port, noDelay: true });
		this.#socket.once("connect", () => this.#send(port));
		this.#socket.on("data", (chunk: Buffer) => this.#take(chunk));
		this.#socket.on("error", () => undefined);
		this.#socket.on("close", () => this.#end(this.#received.byteLength > 0 ? "closed" : "unreachable"));
	}

	/** What has come, head included. */
	get heard(): string {
		return this.#received.toString();
	}

	#send(port: number): void {
		const bytes = bytesOf(port, this.ask);
		const { leaves, afterMs } = this.ask;
		const isHalf = leaves === "half-sent";
		this.#socket.write(isHalf ? bytes.subarray(0, -10) : bytes, () => {
			if (isHalf || leaves === "sent") this.#leave();
		});
		if (leaves === "waiting") setTimeout(() => this.#leave(), afterMs);
	}

	#take(chunk: Buffer): void {
		if (this.#over) return;
		const isFirst = this.#received.byteLength === 0;
		this.#received = Buffer.concat([this.#received, chunk]);
		if (this.ask.leaves === "hearing") return this.#leave();
		if (isFirst && this.ask.stalls) {
			this.#socket.pause();
			setTimeout(() => this.#socket.resume(), this.ask.afterMs);
		}
		if (parseAnswer(this.#received, false)?.whole) this.#end("whole");
	}

	#leave(): void {
		if (this.#over) return;
		this.#end("left");
	}

	#end(end: Seen["end"]): void {
		if (this.#over) return;
		this.#over = true;
		clearTimeout(this.#bound);
		if (end === "left" && this.ask.way === "leave") this.#socket.end();
		else if (end === "left") this.#socket.resetAndDestroy();
		else this.#socket.destroy();
		const answer = parseAnswer(this.#received, end === "closed");
		const isWhole = end === "closed" && answer?.whole;
		this.#settle({ ask: this.ask, end: isWhole ? "whole" : end, answer, startedAt: this.#startedAt, endedAt: Date.now() });
	}
}

function bytesOf(port: number, ask: Ask): Buffer {
	const { path, body } = DIALECTS[ask.dialect];
	const content = [...Array.from({ length: ask.words }, (_, index) => `word${index}`), ask.tag].join(" ");
	const headers = { "Content-Type": "application/json", "X-Herd-Tags": ask.tag, "X-Fleet-Class": ask.requestClass };
	return requestBytes(port, { path, headers, body: JSON.stringify(body(ask, [{ role: "user", content }])) });
}
