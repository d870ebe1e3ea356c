import type { HeartbeatReply, OllamaReport } from "../../worker/protocol/heartbeat.ts";
import { Capacity, type CapacitySettings } from "./capacity/capacity.ts";
import type { IdleReader } from "./capacity/idle/idle.ts";
import { systemClock } from "./clock.ts";
import type { Clock } from "./clock.ts";
import { Door } from "./door/door.ts";
import type { ExternalCounter } from "./external/count.ts";
import { composeBeat } from "./heartbeat/compose.ts";
import { eagerly } from "./heartbeat/eager.ts";
import { doorUrlAt, isWildcard } from "./heartbeat/door-url.ts";
import { HeartbeatLoop } from "./heartbeat/loop.ts";
import type { Snapshot } from "./heartbeat/loop.ts";
import { RouterClient } from "./heartbeat/router-client.ts";
import { IdentityFile } from "./identity.ts";
import { Latest } from "./latest.ts";
import { leaver } from "./leave.ts";
import type { Logger } from "./log.ts";
import { bareMachineReport } from "./machine-report.ts";
import type { MachineReport } from "./machine-report.ts";
import { findOllama } from "./ollama/installed.ts";
import type { OllamaKeeper } from "./ollama/keeper.ts";
import { restartAtWord } from "./ollama/restart-at-word.ts";
import { environmentReader, settingsReader } from "./ollama/settings.ts";
import { ollamaLevel, ollamaLine } from "./ollama/state-line.ts";
import { OllamaWatch } from "./ollama/watch.ts";
import { obeyWord, takeUpService } from "./service.ts";

/** The first beat must leave within a second of the start, whatever hangs. */
const LOOK_LIMIT_MS = 800;
/** What requests that run get to finish when nothing else is said. */
const USUAL_PATIENCE_MS = 10_000;

export interface AgentOptions {
	routerUrl: string;
	nodeId: string;
	ollamaUrl: string;
	/** The address to listen on; without it every address of the machine. */
	doorHost?: string;
	/** 0 takes any free port. */
	doorPort: number;
	token?: string;
	/** Where the router reaches the door, when that is none of this machine's own addresses. */
	advertiseUrl?: string;
	dataDir: string;
	readMachine: () => Promise<MachineReport>;
	/** Without one the router is not told of work past the door. */
	countExternal?: ExternalCounter | undefined;
	/** Starts Ollama where none answers; it goes with the agent. */
	keeper?: OllamaKeeper | undefined;
	/** What the owner leaves to the fleet; absent: all of it, until a pause. */
	capacity?: CapacitySettings;
	/** Needed to learn when the owner is there. */
	readIdle?: IdleReader;
	log: Logger;
}

export interface Agent {
	nodeId: string;
	doorUrl: string;
	/** Requests that pass through the door. */
	readonly running: number;
	/** Takes nothing new, lets running requests finish for so long, says farewell to the router, and closes the door. */
	stop(patienceMs?: number): Promise<void>;
}

/** Opens the door and starts to beat; comes back at once, whether or not router and Ollama are there. */
export async function startAgent(options: AgentOptions, clock: Clock = systemClock): Promise<Agent> {
	const { nodeId, ollamaUrl, doorHost, doorPort, token, log } = options;
	const identity = await IdentityFile.open(options.dataDir, nodeId);
	const secret = () => identity.secret;
	const client = new RouterClient(options.routerUrl);
	const { capacity: settings = UNLIMITED, dataDir } = options;
	const capacity = await Capacity.open({ settings, identity, dataDir, log, now: () => clock.now() });
	const ollama = new Latest(ollamaReader(options, clock));
	const ended = new AbortController();
	const tell = (report: OllamaReport) => loop.tell(report);
	const lookEagerly = eagerly({ look: () => freshOf(ollama), tell, clock, signal: ended.signal });
	const onActivity = () => {
		capacity.noteOwnWork();
		lookEagerly();
	};
	const door = await Door.open({
		nodeId,
		ollamaUrl,
		port: doorPort,
		secret,
		onActivity,
		obey: (word) => obeyWord({ door, loop, identity, log }, word, clock.now()),
		held: () => capacity.held,
		restartOllama: () => restartAtWord(options.keeper, () => loop.beatNow()),
		...(doorHost === undefined ? {} : { host: doorHost }),
	});
	const look = lookout(options, { door, identity, clock, ollama, capacity });
	const onReply = (reply: HeartbeatReply) => capacity.heard(reply);
	const loop = new HeartbeatLoop({ nodeId, client, identity, look, clock, log, onReply, ...(token === undefined ? {} : { token }) });
	takeUpService({ door, identity, log });
	options.keeper?.start();
	loop.start();
	const localUrl = localUrlOf(door);
	const lost = () => log.warn("The door's address could not be stored: herd-agent drain will not find it");
	await identity.keepPlace(localUrl, options.routerUrl).catch(lost);
	const leave = leaver({ door, loop, client });
	return {
		nodeId,
		doorUrl: options.advertiseUrl ?? localUrl,
		get running() {
			return door.running;
		},
		async stop(patienceMs = USUAL_PATIENCE_MS) {
			ended.abort();
			await leave(patienceMs);
			await options.keeper?.stop();
			await capacity.save();
		},
	};
}

const UNLIMITED: CapacitySettings = { learn: false, quietHours: [] };

interface Sources {
	door: Door;
	identity: IdentityFile;
	clock: Clock;
	ollama: Latest<OllamaReport>;
	capacity: Capacity;
}

/** Gathers everything a beat says. All sources keep their last good value, and none can hold the beat up. */
function lookout(options: AgentOptions, { door, identity, clock, ollama, capacity }: Sources): () => Promise<Snapshot> {
	const machine = new Latest(options.readMachine);
	const external = new Latest(externalReader(options, { door, machine, ollama }));
	const idle = new Latest(async () => (capacity.isLearning ? options.readIdle?.() : undefined));
	return async () => {
		await Promise.all([machine, ollama, external, idle].map((source) => source.refresh(LOOK_LIMIT_MS)));
		const report = ollama.value ?? NOT_YET_ANSWERED;
		if (machine.value) capacity.observe({ machine: machine.value, ollama: report, idleMs: idle.value }, door.running);
		return {
			ollama: report,
			beat: (localAddress, withModels) =>
				composeBeat({
					nodeId: options.nodeId,
					machineId: identity.machineId,
					sentAt: clock.now(),
					doorUrl: options.advertiseUrl ?? reachableAt(door, localAddress),
					draining: door.draining,
					inFlight: door.inFlight,
					atWork: door.atWork,
					quiet: door.quiet(performance.now()),
					externalJobs: external.value,
					capacity: capacity.report(),
					machine: machine.value ?? bareMachineReport(machine.failure ?? "has not answered yet"),
					machineFailure: machine.value === undefined ? undefined : machine.failure,
					ollama: report,
					withModels,
				}),
		};
	};
}

/** Judges by what the other two sources read for the same beat. A count that fails is not known: an old one might never end. */
function externalReader(
	{ countExternal }: AgentOptions,
	{ door, machine, ollama }: { door: Door; machine: Latest<MachineReport>; ollama: Latest<OllamaReport> },
): () => Promise<number | undefined> {
	return async () => {
		if (!countExternal) return undefined;
		await Promise.all([machine.refresh(LOOK_LIMIT_MS), ollama.refresh(LOOK_LIMIT_MS)]);
		const gpus = machine.value?.gpus ?? [];
		const modelsLoaded = ollama.value?.models_loaded.length ?? 0;
		return countExternal({ inFlight: door.inFlight, gpus, modelsLoaded }).catch(() => undefined);
	};
}

async function freshOf(ollama: Latest<OllamaReport>): Promise<OllamaReport | undefined> {
	await ollama.refresh(LOOK_LIMIT_MS);
	return ollama.value;
}

const NOT_YET_ANSWERED: OllamaReport = { state: "busy", settings: {}, models_loaded: [] };

/** Reads Ollama's state and says when it changes. */
function ollamaReader({ ollamaUrl, keeper, log }: AgentOptions, clock: Clock): () => Promise<OllamaReport> {
	const watch = new OllamaWatch({
		ollamaUrl,
		now: () => clock.now(),
		readSettings: settingsReader(ollamaUrl, { readEnvironment: environmentReader(ollamaUrl) }),
		isInstalled: async () => (await findOllama()) !== undefined,
	});
	let said: OllamaReport["state"] | undefined;
	return async () => {
		const report = whileStarting(await watch.read(), keeper?.isOurs ?? false);
		if (report.state !== said) log[ollamaLevel(report.state)](ollamaLine(report));
		said = report.state;
		return report;
	};
}

/** A port that is closed still is not the same as an Ollama that has gone. */
function whileStarting(report: OllamaReport, isOurs: boolean): OllamaReport {
	const isClosed = report.state === "stopped" || report.state === "crashed" || report.state === "not-installed";
	return isOurs && isClosed ? { ...report, state: "starting" } : report;
}

/** As programs of this machine reach it. */
function localUrlOf({ address: { address, port } }: Door): string {
	return doorUrlAt(isWildcard(address) ? "127.0.0.1" : address, port);
}

/** A door that listens on one address is reached there; else at the address that faces the router. */
function reachableAt(door: Door, localAddress: string | undefined): string | undefined {
	const { address, port } = door.address;
	if (!isWildcard(address)) return doorUrlAt(address, port);
	return localAddress === undefined ? undefined : doorUrlAt(localAddress, port);
}
