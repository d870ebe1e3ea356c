/** Starts a simulated Ollama: an HTTP server that behaves like a real one on the wire and in what it loads, when, and how fast. */
import { createServer, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { Activity } from "./machine/activity.ts";
import { systemClock, type Clock } from "./machine/clock.ts";
import { parseKeepAlive } from "./machine/durations.ts";
import { noFaults, type Faults } from "./machine/faults.ts";
import { OpenRequests } from "./machine/open-requests.ts";
import { profileNamed, type MachineProfile } from "./profiles.ts";
import { seeded } from "./machine/random.ts";
import { Scheduler } from "./machine/scheduler.ts";
import { ModelStore } from "./machine/store.ts";
import { versionRules } from "./machine/version-rules.ts";
import type { SimulatedNode } from "./node.ts";
import { ROUTES } from "./routes/table.ts";
import { snapshotOf, type Snapshot } from "./snapshot.ts";
import { Exchange } from "./wire/exchange.ts";
import { answerBroken, lacksHost } from "./wire/broken.ts";
import { isInference, replyWrong } from "./wire/wrong-reply.ts";
import { dispatch } from "./wire/router.ts";

export interface SimulatedOllamaOptions {
	/** A machine by name, or one of your own. */
	profile: string | MachineProfile;
	host?: string;
	/** 0 takes any free port. */
	port?: number;
	/** Installed models; the profile's own when absent. */
	models?: readonly string[];
	version?: string;
	seed?: number;
	/** 10 is ten times faster; `Infinity` takes no time at all. Keep-alives run on real time. */
	timeScale?: number;
	numParallel?: number;
	maxLoadedModels?: number;
	/** As `OLLAMA_KEEP_ALIVE`. */
	keepAlive?: string | number;
	maxQueue?: number;
	/** As `OLLAMA_CONTEXT_LENGTH`. */
	contextLength?: number;
	/** Loaded from the start, and kept; the profile's own when absent and `models` is absent too. */
	resident?: readonly string[];
	/** Another edition of the models has other digests. */
	modelEdition?: string;
	/** Before 0.30: the engine that some model families ran on. */
	newEngine?: boolean;
	/** Every token then says which machine, which request and which answer it belongs to, so that mixed answers can be told. */
	mark?: string;
	faults?: Partial<Faults>;
	clock?: Clock;
}

export interface SimulatedOllama {
	url: string;
	port: number;
	profile: MachineProfile;
	/** What is loaded, running and waiting at this moment. */
	snapshot(): Snapshot;
	/** Change these at any time to make it misbehave. */
	faults: Faults;
	/** The process of a loaded model dies, as by a kill signal. */
	killRunner(model: string): void;
	/** The memory of the machine runs out under its requests: all of them fail, and everything is unloaded. */
	runOutOfMemory(): void;
	/** Every open connection is reset, whatever it waits for. */
	resetConnections(): void;
	/** As a kill signal does: connections end without their last chunk. */
	stop(): Promise<void>;
}

const DEFAULT_HOST = "127.0.0.1";
const LOOPBACK = /^(127\.|localhost$|::1$)/;
const DEFAULTS = { version: "0.32.15", seed: 1, timeScale: 1, numParallel: 1, maxLoadedModels: 3, keepAlive: "5m", maxQueue: 512 };

export async function startSimulatedOllama(options: SimulatedOllamaOptions): Promise<SimulatedOllama> {
	const node = createNode(options);
	await loadResident(node, options);
	const sockets = new Set<Socket>();
	const server = serverFor(node, sockets);
	const host = options.host ?? DEFAULT_HOST;
	const { port } = await listen(server, host, options.port ?? 0);
	return {
		url: `http://${host === "0.0.0.0" ? DEFAULT_HOST : host}:${port}`,
		port,
		profile: node.profile,
		snapshot: () => snapshotOf(node),
		faults: node.faults,
		killRunner: (name) => {
			const model = node.store.find(name);
			if (model) node.scheduler.kill(model.spec);
		},
		runOutOfMemory: () => {
			for (const { model } of node.scheduler.runners) {
				node.scheduler.kill(model);
				node.scheduler.expire(model);
			}
		},
		resetConnections: () => {
			for (const socket of sockets) socket.resetAndDestroy();
		},
		stop: () => stop(node, server, sockets),
	};
}

function createNode(options: SimulatedOllamaOptions): SimulatedNode {
	const { version, seed, timeScale, numParallel, maxLoadedModels, keepAlive, maxQueue } = { ...DEFAULTS, ...options };
	const profile = typeof options.profile === "string" ? profileNamed(options.profile) : options.profile;
	const keepAliveMs = parseKeepAlive(keepAlive);
	if (keepAliveMs instanceof Error) throw keepAliveMs;
	const clock = options.clock ?? systemClock;
	const rules = versionRules(version, options.newEngine);
	const faults: Faults = { ...noFaults(), ...options.faults };
	const settings = {
		parallel: numParallel,
		maxLoaded: maxLoadedModels,
		maxQueue,
		keepAliveMs,
		contextLength: options.contextLength || undefined,
		timeScale,
	};
	const scheduler = new Scheduler({ profile, settings, rules, faults, clock });
	const store = ModelStore.named(options.models ?? profile.models, clock.now(), options.modelEdition);
	const checksHost = LOOPBACK.test(options.host ?? DEFAULT_HOST);
	const state = { lastListing: { models: [] }, checksHost, blobs: new Set<string>() };
	const work = { activity: new Activity(), openRequests: new OpenRequests(), mark: options.mark };
	return { profile, version, rules, store, scheduler, faults, clock, random: seeded(seed), seed, timeScale, ...state, ...work };
}

/** Without the time a load takes: it happened before anybody looked. */
async function loadResident(node: SimulatedNode, options: SimulatedOllamaOptions): Promise<void> {
	const names = options.resident ?? (options.models ? [] : node.profile.resident);
	for (const name of names) {
		const model = node.store.find(name);
		if (!model) throw new Error(`"${name}" can't be resident: it is not installed`);
		node.scheduler.preload({
			name: model.name,
			model: model.spec,
			digest: model.digest,
			asked: { options: {} },
			keepAliveMs: Number.POSITIVE_INFINITY,
		});
	}
}

function serverFor(node: SimulatedNode, sockets: Set<Socket>): Server {
	// Go reads a request of any age, closes nothing idle, and takes a missing Host header for an empty one.
	const server = createServer(
		{ requireHostHeader: false, keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0, maxHeaderSize: 1 << 20 },
		(incoming, outgoing) => {
			const exchange = new Exchange(incoming, outgoing, { startedAt: node.clock.now(), faults: node.faults });
			node.openRequests.note(exchange);
			if (node.faults.reset) return void incoming.socket.resetAndDestroy();
			if (node.faults.hang) return;
			if (node.faults.reply && isInference(exchange.path)) return replyWrong(node.faults.reply, exchange.path, outgoing);
			if (lacksHost(incoming)) return answerBroken({ code: "MISSING_HOST" }, incoming.socket);
			dispatch(ROUTES, node, exchange).catch((error: unknown) => {
				// A client that left in the middle of its body is no mistake of ours.
				if (exchange.signal.aborted) return exchange.drop();
				process.emitWarning(error instanceof Error ? error : String(error));
				exchange.drop();
			});
		},
	);
	// A client that closes its sending side still gets a last line.
	Object.assign(server, { httpAllowHalfOpen: true });
	server.on("clientError", answerBroken);
	server.on("connection", (socket: Socket) => {
		sockets.add(socket);
		socket.setNoDelay(true);
		socket.once("close", () => sockets.delete(socket));
	});
	return server;
}

function listen(server: Server, host: string, port: number): Promise<AddressInfo> {
	return new Promise((resolve, reject) => {
		server.once("error", reject);
		server.listen(port, host, () => {
			const address = server.address();
			if (address !== null && typeof address === "object") resolve(address);
		});
	});
}

function stop(node: SimulatedNode, server: Server, sockets: Set<Socket>): Promise<void> {
	node.scheduler.stop();
	return new Promise((resolve) => {
		server.close(() => resolve());
		for (const socket of sockets) socket.destroy();
	});
}
