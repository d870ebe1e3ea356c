/** HTTP on a bare socket: what client libraries can't send, and every byte that comes back. */
import { connect, type Socket } from "node:net";
import { until } from "./until.ts";

export interface RawAnswer {
	readonly status: number;
	/** Names in lower case. */
	readonly headers: ReadonlyMap<string, string>;
	/** Without the framing. */
	readonly body: Buffer;
	/** The body came to the end that its framing promised. */
	readonly whole: boolean;
}

export class RawClient {
	readonly #socket: Socket;
	#received: Buffer = Buffer.alloc(0);
	#closed = false;

	private constructor(socket: Socket) {
		this.#socket = socket;
		socket.on("data", (chunk: Buffer) => {
			this.#received = Buffer.concat([this.#received, chunk]);
		});
		socket.on("close", () => {
			this.#closed = true;
		});
		// A reset is one of the ends a test may be about; `closed` and `answer.whole` tell of it
		socket.on("error", () => undefined);
	}

	static open(port: number): Promise<RawClient> {
		return new Promise((resolve, reject) => {
			const socket = connect({ host: "127.0.0.1", port, noDelay: true, allowHalfOpen: true });
			socket.once("error", reject);
			socket.once("connect", () => resolve(new RawClient(socket)));
		});
	}

	get received(): Buffer {
		return this.#received;
	}

	/** Neither side can send any more. */
	get closed(): boolean {
		return this.#closed;
	}

	send(...parts: (string | Uint8Array)[]): void {
		for (const part of parts) this.#socket.write(part);
	}

	/** Undefined while the head is not whole. */
	get answer(): RawAnswer | undefined {
		return parseAnswer(this.#received, this.#socket.readableEnded || this.#closed);
	}

	/** The answer once its body is whole or the connection has ended. */
	async wholeAnswer(): Promise<RawAnswer> {
		return until("the answer is whole or broken off", () => {
			const { answer } = this;
			return answer && (answer.whole || this.#closed || this.#socket.readableEnded) ? answer : undefined;
		});
	}

	/** Says that nothing more comes (FIN), as a program does that ends in order. */
	leave(): void {
		this.#socket.end();
	}

	/** Cuts the connection (RST), as a killed program's machine may. */
	reset(): void {
		this.#socket.resetAndDestroy();
	}

	destroy(): void {
		this.#socket.destroy();
	}
}

export interface RawRequest {
	readonly method?: string;
	readonly path: string;
	/** Sent as they are; `Host` comes first unless given, `Content-Length` last unless the body's framing is given. */
	readonly headers?: Readonly<Record<string, string>>;
	readonly body?: string | Uint8Array;
}

/** The bytes of a request. */
export function requestBytes(port: number, { method = "POST", path, headers = {}, body = "" }: RawRequest): Buffer {
	const bytes = Buffer.from(body);
	const names = Object.keys(headers).map((name) => name.toLowerCase());
	const host = names.includes("host") ? {} : { Host: `127.0.0.1:${port}` };
	const length =
		names.includes("transfer-encoding") || names.includes("content-length") ? {} : { "Content-Length": String(bytes.byteLength) };
	const lines = Object.entries({ ...host, ...headers, ...length }).map(([name, value]) => `${name}: ${value}\r\n`);
	return Buffer.concat([Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join("")}\r\n`), bytes]);
}

/** One request on a connection of its own. */
export async function rawRequest(port: number, request: RawRequest): Promise<RawAnswer> {
	const client = await RawClient.open(port);
	try {
		client.send(requestBytes(port, request));
		return await client.wholeAnswer();
	} finally {
		client.destroy();
	}
}

/** Undefined while the head is not whole. */
export function parseAnswer(received: Buffer, ended: boolean): RawAnswer | undefined {
	const headEnd = received.indexOf("\r\n\r\n");
	if (headEnd < 0) return undefined;
	const [statusLine = "", ...lines] = received.subarray(0, headEnd).toString("latin1").split("\r\n");
	const headers = new Map(lines.map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 1).trim()]));
	const rest = received.subarray(headEnd + 4);
	return { status: Number(statusLine.split(" ")[1]), headers, ...bodyOf(rest, headers, ended) };
}

function bodyOf(rest: Buffer, headers: ReadonlyMap<string, string>, ended: boolean): Pick<RawAnswer, "body" | "whole"> {
	if (headers.get("transfer-encoding") === "chunked") return dechunk(rest);
	const length = headers.get("content-length");
	if (length === undefined) return { body: rest, whole: ended };
	return { body: rest.subarray(0, Number(length)), whole: rest.byteLength >= Number(length) };
}

function dechunk(rest: Buffer): Pick<RawAnswer, "body" | "whole"> {
	const parts: Buffer[] = [];
	let at = 0;
	for (;;) {
		const lineEnd = rest.indexOf("\r\n", at);
		if (lineEnd < 0) return { body: Buffer.concat(parts), whole: false };
		const size = Number.parseInt(rest.subarray(at, lineEnd).toString("latin1"), 16);
		if (size === 0) return { body: Buffer.concat(parts), whole: true };
		const start = lineEnd + 2;
		parts.push(rest.subarray(start, Math.min(start + size, rest.byteLength)));
		at = start + size + 2;
	}
}
