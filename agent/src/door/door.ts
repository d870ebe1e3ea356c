import http from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { REQUEST_ID_HEADER } from "../../../worker/protocol/heartbeat.ts";
import { forward, openUpstream } from "./forward.ts";
import type { Upstream } from "./forward.ts";
import { InFlight } from "./in-flight.ts";
import { refuse } from "./refuse.ts";
import { carriesSecret } from "./secret.ts";

/** Longer than any pause of a busy router, so that the door never closes a connection just as it is used again. */
const IDLE_CONNECTION_MS = 120_000;
/** A router that lost its power sends no FIN; the kernel asks after this time. */
const TCP_KEEP_ALIVE_MS = 30_000;
/** As much as Ollama's own library takes of headers. */
const MAX_HEADER_BYTES = 1_048_576;

export interface DoorOptions {
	nodeId: string;
	ollamaUrl: string;
	host?: string;
	/** 0 takes any free port. */
	port: number;
	/** Read at every request, because it changes when this machine joins. */
	secret: () => string | undefined;
	/** Called whenever an answer begins or a request ends. */
	onActivity?: () => void;
}

/** The only way from the network to this machine's Ollama, open to the router alone. */
export class Door {
	#options: DoorOptions;
	#upstream: Upstream;
	#inFlight = new InFlight();
	#server: http.Server;
	/** Connections that have brought no request yet: a client may open one to spare, and Node counts it as busy. */
	#unused = new Set<Socket>();
	#draining = false;

	private constructor(options: DoorOptions) {
		this.#options = options;
		this.#upstream = openUpstream(options.ollamaUrl);
		this.#server = http.createServer(
			// No limit on how long a request's body may take: a blob of a model is gigabytes.
			{ keepAlive: true, keepAliveInitialDelay: TCP_KEEP_ALIVE_MS, maxHeaderSize: MAX_HEADER_BYTES, noDelay: true, requestTimeout: 0 },
			(request, response) => this.#serve(request, response),
		);
		this.#server.keepAliveTimeout = IDLE_CONNECTION_MS;
		this.#server.on("connection", (socket) => {
			this.#unused.add(socket);
			socket.once("close", () => this.#unused.delete(socket));
		});
		this.#server.on("clientError", (_error, socket) => {
			if (socket.writable) socket.end("HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n");
			else socket.destroy();
		});
	}

	/** Rejects with Node's own error when the port is taken. */
	static async open(options: DoorOptions): Promise<Door> {
		const door = new Door(options);
		await new Promise<void>((resolve, reject) => {
			door.#server.once("error", reject);
			door.#server.listen({ port: options.port, ...(options.host === undefined ? {} : { host: options.host }) }, resolve);
		});
		door.#server.on("error", () => undefined);
		return door;
	}

	get address(): AddressInfo {
		const address = this.#server.address();
		if (address === null || typeof address === "string") throw new Error("The door is closed");
		return address;
	}

	get inFlight(): string[] {
		return this.#inFlight.ids;
	}

	get draining(): boolean {
		return this.#draining;
	}

	/** Takes nothing new from now on. */
	drain(): void {
		this.#draining = true;
	}

	/** Drains, gives running requests the time to finish, then cuts what is left. */
	async close(graceMs: number): Promise<void> {
		this.drain();
		const closed = new Promise<void>((resolve) => {
			this.#server.close(() => resolve());
		});
		this.#server.closeIdleConnections();
		for (const socket of this.#unused) socket.destroy();
		const timer = setTimeout(() => this.#server.closeAllConnections(), graceMs);
		await closed;
		clearTimeout(timer);
		this.#upstream.agent.destroy();
	}

	#serve(request: IncomingMessage, response: ServerResponse): void {
		this.#unused.delete(request.socket);
		response.on("error", () => undefined);
		if (!carriesSecret(request.headers.authorization, this.#options.secret())) {
			refuse(response, 401, "This door opens only with the secret of this machine's router", "secret");
			return;
		}
		const path = (request.url ?? "").split("?", 1)[0] ?? "";
		if (path === "/door/health") this.#health(response);
		else if (!isOllamaPath(path)) refuse(response, 404, "Only Ollama's own routes are behind this door");
		else if (this.#draining) refuse(response, 503, "This machine finishes what runs and takes nothing new", "draining");
		else this.#pass(request, response);
	}

	#health(response: ServerResponse): void {
		const body = JSON.stringify({ node_id: this.#options.nodeId, in_flight: this.inFlight });
		response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(body) });
		response.end(body);
	}

	#pass(request: IncomingMessage, response: ServerResponse): void {
		const id = request.headers[REQUEST_ID_HEADER];
		const leave = this.#inFlight.enter(typeof id === "string" && id !== "" ? id : undefined);
		const { onActivity } = this.#options;
		response.on("close", () => {
			leave();
			onActivity?.();
			// While draining a connection that has become free keeps the server open for nothing.
			if (this.#draining) setImmediate(() => this.#server.closeIdleConnections());
		});
		response.once("pipe", () => onActivity?.());
		forward(this.#upstream, request, response);
	}
}

function isOllamaPath(path: string): boolean {
	return path === "/" || path.startsWith("/api/") || path.startsWith("/v1/");
}
