import { connect, type Socket } from "node:net";
import { startSimulatedOllama, type SimulatedOllama, type SimulatedOllamaOptions } from "../../../agent/src/simulate/server.ts";
import { ManualClock } from "./manual-clock.ts";

/** Simulated milliseconds of one step; fine enough to see every token. */
const STEP_MS = 1;

/** A simulated Ollama on a clock of its own, driven as fast as the test can. */
export class Stage {
	readonly clock: ManualClock;
	readonly ollama: SimulatedOllama;
	readonly #sockets: Socket[] = [];

	private constructor(clock: ManualClock, ollama: SimulatedOllama) {
		this.clock = clock;
		this.ollama = ollama;
	}

	static async open(options: Partial<SimulatedOllamaOptions> = {}): Promise<Stage> {
		const clock = new ManualClock();
		return new Stage(clock, await startSimulatedOllama({ profile: "golden", clock, ...options }));
	}

	/** Moves simulated time until the thing has happened. */
	async until(happened: () => boolean): Promise<void> {
		while (!happened()) await this.clock.advance(STEP_MS);
	}

	async result<T>(promise: Promise<T>): Promise<T> {
		let settled = false;
		const watched = promise.finally(() => (settled = true));
		watched.catch(() => {});
		await this.until(() => settled);
		return watched;
	}

	async json(path: string, body?: object): Promise<Record<string, unknown>> {
		const response = await this.result(this.#post(path, body));
		return JSON.parse(await this.result(response.text()));
	}

	#post(path: string, body?: object): Promise<Response> {
		return fetch(new URL(path, this.ollama.url), body === undefined ? {} : { method: "POST", body: JSON.stringify(body) });
	}

	/** A request on a socket that the test can close, or half close. */
	ask(path: string, body: object): Conversation {
		const text = JSON.stringify(body);
		return this.send(`POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
	}

	/** Anything at all on a new connection. */
	send(text: string): Conversation {
		const socket = connect(this.ollama.port, "127.0.0.1");
		this.#sockets.push(socket);
		socket.write(text);
		return new Conversation(socket);
	}

	async close(): Promise<void> {
		for (const socket of this.#sockets) socket.destroy();
		await this.ollama.stop();
	}
}

export class Conversation {
	readonly socket: Socket;
	/** Everything received, as it came. */
	received = "";
	ended = false;
	failed = false;

	constructor(socket: Socket) {
		this.socket = socket;
		socket.setEncoding("utf8");
		socket.on("data", (data: string) => (this.received += data));
		socket.on("error", () => (this.failed = true));
		socket.on("end", () => (this.ended = true));
		socket.on("close", () => (this.ended = true));
	}

	/** Whether the body came to its proper end. */
	get complete(): boolean {
		return this.received.endsWith("0\r\n\r\n");
	}
}
