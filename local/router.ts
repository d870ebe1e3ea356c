/** The router on this machine: worker, relay, log and data folder, started and ended together. */
import { hostname } from "node:os";
import type { Launch, Source } from "../worker/protocol/settings.ts";
import { FleetSnapshotSchema } from "../worker/protocol/fleet.ts";
import { buildInChild } from "./build/in-child.ts";
import { type DataFolder, openDataFolder } from "./data-folder.ts";
import { checkVariables, environmentSources, readEnvironment, type Variables, withoutEmpty } from "./environment.ts";
import { maxConnections } from "./host/descriptors.ts";
import { hostWorker, type WorkerHost } from "./host/miniflare.ts";
import { Relay } from "./host/relay.ts";
import { dismissUndertaker, watchOverWorkerd } from "./host/undertaker.ts";
import { importLeftovers } from "./import/import-origin.ts";
import { linkLatencyDb } from "./latency-db.ts";
import { launcherSettings } from "./launcher-settings.ts";
import { type LogFile, openLogFile } from "./log-file.ts";
import { alsoOnTerminal } from "./terminal-log.ts";
import { UserError } from "./user-error.ts";

/** What running streams get at a stop. */
const DRAIN_MS = 10_000;
/** What requests cut short get to leave their trace. */
const CUT_MS = 1_000;
const LOOK_EVERY_MS = 50;

export interface RouterOptions {
	readonly host: string;
	/** 0 takes any free port. */
	readonly port: number;
	readonly dataDir: string;
	/** Over the environment's. */
	readonly variables?: Variables;
	/** By variable, of those that a flag gives. */
	readonly flagged?: Readonly<Record<string, Source>>;
	/** The data folder is the demo's: real rows and demo rows never meet. */
	readonly demo?: boolean;
	/** Tells the person at the terminal. */
	readonly say: (line: string) => void;
}

export interface Router {
	readonly port: number;
	readonly data: DataFolder;
	readonly log: LogFile;
	/** Those in force: the environment's, else the data folder's. */
	readonly adminKey: string;
	readonly joinToken: string;
	/** Lets streams finish for up to ten seconds; a second call cuts them at once. */
	stop(): Promise<void>;
}

/** Throws a `UserError` for what the person at the terminal can put right: the port, the folder, a setting. */
export async function startRouter({
	host,
	port,
	dataDir,
	variables = {},
	flagged = {},
	demo = false,
	say,
}: RouterOptions): Promise<Router> {
	const given: Variables = { FLEET_AUTH: "open", ...readEnvironment(dataDir, process.env), ...withoutEmpty(variables) };
	const { logLevel, consoleLevel } = launcherSettings(given);
	for (const warning of checkVariables(given)) say(`Warning: ${warning}`);
	const data = openDataFolder(dataDir, { demo, say });
	const file = openLogFile(data.logs, { ...(logLevel !== undefined && { level: logLevel }), onProblem: say });
	const log = alsoOnTerminal(file, { level: consoleLevel, say, now: () => new Date() });
	const { FLEET_ADMIN_KEY: adminKey = data.adminKey, FLEET_NODE_TOKEN: joinToken = data.joinToken } = given;
	try {
		await buildInChild();
		await watchOverWorkerd(data.workerdPidFile);
		const secrets = { FLEET_NODE_TOKEN: joinToken, FLEET_ADMIN_KEY: adminKey };
		const told = toldOf({ host, port, dataDir, log_level: logLevel ?? "debug" }, sourcesOf({ dataDir, variables, flagged }));
		const worker = await hostWorker({ persistAt: data.state, variables: { ...given, ...secrets, ...told }, onLog: workerLog(log) });
		return { ...(await openTo({ host, port, worker, data, log, say })), adminKey, joinToken };
	} catch (error) {
		data.release();
		await log.close();
		throw error;
	}
}

/** Where each setting comes from; what is in none of them is left to its default. */
function sourcesOf({ dataDir, variables, flagged }: Required<Pick<RouterOptions, "dataDir" | "variables" | "flagged">>): Launch["sources"] {
	const given = Object.keys(withoutEmpty(variables)).map((name) => [name, "env"] as const);
	const secrets = { FLEET_NODE_TOKEN: "data-folder", FLEET_ADMIN_KEY: "data-folder" } as const;
	return { ...secrets, ...environmentSources(dataDir, process.env), ...Object.fromEntries(given), ...flagged };
}

/** For the page of settings. */
function toldOf(
	{ host, port, dataDir, log_level }: { host: string; port: number; dataDir: string; log_level: string },
	sources: Launch["sources"],
) {
	const launch: Launch = { host, port, data_dir: dataDir, log_level, hostname: hostname(), sources };
	return { HERD_LAUNCH: JSON.stringify(launch) };
}

interface Opening {
	readonly host: string;
	readonly port: number;
	readonly worker: WorkerHost;
	readonly data: DataFolder;
	readonly log: LogFile;
	readonly say: (line: string) => void;
}

async function openTo({ host, port, worker, data, log, say }: Opening): Promise<Omit<Router, "adminKey" | "joinToken">> {
	// The first request makes the Fleet object bring the tables up to date, and with them the file that latency.db names
	await worker.ask("POST", "/fleet/flush");
	const aside = linkLatencyDb(data.path, data.state);
	if (aside) say(aside);
	const relay = await openRelay({ host, port, worker, log }).catch(async (error: unknown) => {
		await worker.dispose();
		dismissUndertaker(data.workerdPidFile);
		throw error;
	});
	log.write("info", "Router started", { port: relay.port });
	const ended = new AbortController();
	const tell = (line: string) => {
		say(line);
		log.write("info", line.trim());
	};
	void importLeftovers({ folder: data.path, worker, say: tell, signal: ended.signal });
	return { port: relay.port, data, log, stop: stopper({ relay, worker, data, log, ended }) };
}

async function openRelay({ host, port, worker, log }: Pick<Opening, "host" | "port" | "worker" | "log">): Promise<Relay> {
	const onError = (error: Error) => log.write("error", "The public port reported an error", { error: String(error) });
	try {
		return await Relay.open({ host, port, innerPort: worker.port, maxConnections: await maxConnections(), onError });
	} catch (error) {
		const code = error instanceof Error && "code" in error ? String(error.code) : "";
		if (code === "EADDRINUSE")
			throw new UserError(`Port ${port} is taken by another program, perhaps another herd: stop it, or choose a port with --port`);
		if (code === "EACCES") throw new UserError(`Port ${port} is not allowed for this user: choose one above 1023 with --port`);
		if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND")
			throw new UserError(`"${host}" is not an address of this machine: choose one with --host`);
		throw error;
	}
}

interface Running extends Pick<Opening, "worker" | "data" | "log"> {
	readonly relay: Relay;
	/** Ends what goes on beside the requests. */
	readonly ended: AbortController;
}

function stopper({ relay, worker, data, log, ended }: Running): () => Promise<void> {
	let impatient = false;
	let stopping: Promise<void> | undefined;
	const stop = async () => {
		relay.stopListening();
		await worker.ask("POST", "/fleet/wind-down").catch(() => undefined);
		ended.abort();
		await idle(worker, { forMs: DRAIN_MS, enough: () => impatient });
		relay.destroy();
		await idle(worker, { forMs: CUT_MS, enough: () => false });
		await worker
			.ask("POST", "/fleet/flush?depth=end")
			.catch((error: unknown) => log.write("error", "The last traces could not be written", { error: String(error) }));
		await worker.dispose();
		dismissUndertaker(data.workerdPidFile);
		log.write("info", "Router stopped");
		await log.close();
		data.release();
	};
	return () => {
		if (stopping) impatient = true;
		return (stopping ??= stop());
	};
}

/** Waits until no request runs or waits; gives up after a time, at a word, or when workerd is gone. */
async function idle(worker: WorkerHost, { forMs, enough }: { forMs: number; enough: () => boolean }): Promise<void> {
	const deadline = Date.now() + forMs;
	while (!enough() && Date.now() < deadline) {
		const active = await activeRequests(worker).catch(() => 0);
		if (active === 0) return;
		await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
	}
}

/** Running or waiting. */
async function activeRequests(worker: WorkerHost): Promise<number> {
	const { fleet } = FleetSnapshotSchema.parse(await worker.ask("GET", "/fleet/status"));
	return fleet.requests_active + fleet.requests_waiting;
}

/** The worker logs JSON lines, some of which hold several events; anything else is workerd's own. */
function workerLog(log: LogFile): (level: string, message: string) => void {
	return (level, message) => {
		try {
			const { msg, each, ...fields } = JSON.parse(message) as { msg?: unknown; each?: Record<string, unknown>[] };
			for (const event of each ?? [fields]) log.write(level, String(msg), event);
		} catch {
			log.write(level, message, { source: "workerd" });
		}
	};
}
