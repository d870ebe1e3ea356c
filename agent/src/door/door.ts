import http from "node:http";
import type { ClientRequest, IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { LOADS_HEADER, REQUEST_ID_HEADER } from "../../../worker/protocol/heartbeat.ts";
import type { Restarted } from "../ollama/keeper.ts";
import { control } from "./control.ts";
import type { DoorState, Obey } from "./control.ts";
import { forward, openUpstream } from "./forward.ts";
import type { Upstream } from "./forward.ts";
import { InFlight } from "./in-flight.ts";
import { Loads } from "./loads.ts";
import { type Quiet, QuietWatch } from "./quiet.ts";
import { refuse } from "./refuse.ts";
import { carriesSecret } from "./secret.ts";

/** Longer than any pause of a busy router, so that the door never closes a connection just as it is used again. */
const IDLE_CONNECTION_MS = 120_000;
/** A router that lost its power sends no FIN; the kernel asks after this time. */
const TCP_KEEP_ALIVE_MS = 30_000;
/** As much as Ollama's own library takes of headers. */
const MAX_HEADER_BYTES = 1_048_576;
/** What Ollama needs a model for. */
const WORK_PATH = /^\/(api\/(chat|generate|embed|embeddings)|v1\/(?!models).*)$/;

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
	/** Does what the owner's commands ask for; without it they are refused. */
	obey?: Obey;
	/** Why nothing new comes though the door is open. */
	held?: () => DoorState["held"];
	/** At the router's word; without it the door knows no such word. */
	restartOllama?: () => Promise<Restarted>;
}

/** The only way from the network to this machine's Ollama, open to the router alone. */
export class Door {
	#options: DoorOptions;
	#upstream: Upstream;
	#inFlight = new InFlight();
	#quiet = new QuietWatch();
	#loads: Loads;
	#server: http.Server;
	#draining = false;

	private constructor(options: DoorOptions) {
		this.#options = options;
		this.#upstream = openUpstream(options.ollamaUrl);
		this.#loads = new Loads(options.ollamaUrl);
		this.#server = http.createServer(
			// No limit on how long a request's body may take: a blob of a model is gigabytes.
			{ keepAlive: true, keepAliveInitialDelay: TCP_KEEP_ALIVE_MS, maxHeaderSize: MAX_HEADER_BYTES, noDelay: true, requestTimeout: 0 },
			(request, response) => this.#serve(request, response),
		);
		this.#server.keepAliveTimeout = IDLE_CONNECTION_MS;
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

	/** Those of them that Ollama loads or computes for. */
	get atWork(): string[] {
		return this.#inFlight.idsAtWork;
	}

	/** To be asked once a beat. */
	quiet(now: number): Quiet[] {
		return this.#quiet.look(now);
	}

	/** How many requests pass, those without an id included. */
	get running(): number {
		return this.#inFlight.total;
	}

	get draining(): boolean {
		return this.#draining;
	}

	/** Takes nothing new from now on. */
	drain(): void {
		this.#draining = true;
	}

	resume(): void {
		this.#draining = false;
	}

	/** Drains, and resolves when nothing passes any more. Loads that nobody waits for are let go. */
	async empty(): Promise<void> {
		this.drain();
		this.#loads.drop();
		await this.#inFlight.empty();
	}

	/** Cuts what still passes. */
	async close(): Promise<void> {
		this.drain();
		this.#loads.drop();
		const closed = new Promise<void>((resolve) => {
			this.#server.close(() => resolve());
		});
		this.#server.closeAllConnections();
		await closed;
		this.#upstream.agent.destroy();
	}

	#serve(request: IncomingMessage, response: ServerResponse): void {
		response.on("error", () => undefined);
		if (!carriesSecret(request.headers.authorization, this.#options.secret())) {
			refuse(response, 401, "This door opens only with the secret of this machine's router", "secret");
			return;
		}
		const path = (request.url ?? "").split("?", 1)[0] ?? "";
		if (path.startsWith("/door/")) void control({ method: request.method, path }, response, this.#controls);
		else if (!isOllamaPath(path)) refuse(response, 404, "Only Ollama's own routes are behind this door");
		else if (this.#draining) refuse(response, 503, "This machine finishes what runs and takes nothing new", "draining");
		else this.#pass(request, response, path);
	}

	get #controls() {
		const { nodeId, obey, held, restartOllama } = this.#options;
		const state = (): DoorState => ({
			node_id: nodeId,
			in_flight: this.inFlight,
			running: this.running,
			draining: this.draining,
			held: held?.(),
		});
		return { state, obey, restartOllama };
	}

	#pass(request: IncomingMessage, response: ServerResponse, path: string): void {
		const [id, loads] = [headerOf(request, REQUEST_ID_HEADER), headerOf(request, LOADS_HEADER)];
		const isWork = WORK_PATH.test(path);
		const leave = this.#inFlight.enter({ id, isWork });
		const unwatch = id !== undefined && isWork ? this.#quiet.begin(id, response, performance.now()) : undefined;
		response.once("close", () => unwatch?.());
		const { onActivity } = this.#options;
		const onOver = () => {
			leave();
			onActivity?.();
		};
		response.once("pipe", () => onActivity?.());
		const finish = loads === undefined ? undefined : (outgoing: ClientRequest) => this.#loads.finish(outgoing, loads);
		forward(this.#upstream, request, response, { finish, onOver });
	}
}

function headerOf({ headers }: IncomingMessage, name: string): string | undefined {
	const value = headers[name];
	return typeof value === "string" && value !== "" ? value : undefined;
}

function isOllamaPath(path: string): boolean {
	return path === "/" || path.startsWith("/api/") || path.startsWith("/v1/");
}
