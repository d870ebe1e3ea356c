import { platform } from "node:process";
import type { Gpu } from "../../../worker/protocol/heartbeat.ts";
import { isOnThisMachine } from "../ollama/whereabouts.ts";
import type { Connection, ConnectionReader } from "./connection.ts";
import { isAtWork, judge } from "./judge.ts";
import type { Evidence, Judgement } from "./judge.ts";
import { macosReader } from "./netstat-macos.ts";
import { readWindowsNetstat } from "./netstat-windows.ts";
import { watchOwnSockets } from "./own-sockets.ts";
import { readProcNet } from "./proc-net.ts";
import { readRunnerLoad } from "./runner-load.ts";
import { readSs } from "./ss.ts";

/** More than this a beat does not carry. */
const MOST_JOBS = 1_000;

/** What the agent itself knows of the machine's work. */
export interface Surroundings {
	/** Request ids at the door. */
	inFlight: readonly string[];
	gpus: readonly Gpu[];
	modelsLoaded: number;
}

/** Counts the requests at Ollama that did not come through the door; `undefined` when that is not known. */
export type ExternalCounter = (surroundings: Surroundings) => Promise<number | undefined>;

/** To be made before the agent opens its first connection to Ollama. None for an Ollama on another machine. */
export function externalCounter(ollamaUrl: string): ExternalCounter | undefined {
	if (!isOnThisMachine(ollamaUrl)) return undefined;
	const { port, protocol } = new URL(ollamaUrl);
	const ollamaPort = Number(port || (protocol === "https:" ? "443" : "80"));
	const foreign = foreignReader(ollamaPort);
	let before: Judgement = {};
	return async (surroundings) => {
		before = judge(await gather(await foreign(), surroundings), before);
		return before.jobs === undefined ? undefined : Math.min(before.jobs, MOST_JOBS);
	};
}

/** Connections that are not this process's own; own ones may come and go while the others are listed. */
function foreignReader(port: number): () => Promise<Connection[] | undefined> {
	const own = watchOwnSockets(port);
	const read = readerFor(platform);
	return async () => {
		const ownBefore = own();
		const connections = await read(port).catch(() => undefined);
		const ours = new Set([...ownBefore, ...own()]);
		return connections?.filter(({ client }) => !ours.has(client));
	};
}

function readerFor(system: NodeJS.Platform): ConnectionReader {
	if (system === "linux") return (port) => readSs(port).catch(() => readProcNet(port));
	if (system === "darwin") return macosReader(() => performance.now());
	if (system === "win32") return readWindowsNetstat;
	return () => Promise.reject(new Error(`connections are not listed on ${system}`));
}

async function gather(connections: Connection[] | undefined, { inFlight, gpus, modelsLoaded }: Surroundings): Promise<Evidence> {
	const isSuspect = connections?.some(({ traffic }) => traffic === undefined || isAtWork(traffic)) ?? true;
	const seenLoad = isSuspect && platform === "linux" ? await readRunnerLoad() : undefined;
	// Nothing in memory and no runner: it rests. Something in memory and no runner: that runs where we can't see it.
	const runnerLoad = seenLoad ?? (platform === "linux" && modelsLoaded === 0 ? 0 : undefined);
	const loads = gpus.flatMap(({ utilization_ratio: ratio }) => ratio ?? []);
	return {
		hasOwnWork: inFlight.length > 0,
		at: performance.now(),
		...(connections && { connections }),
		...(runnerLoad !== undefined && { runnerLoad }),
		...(loads.length > 0 && { gpuLoad: Math.max(...loads) }),
	};
}
