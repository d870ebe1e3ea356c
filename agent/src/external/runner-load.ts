import { setTimeout as delay } from "node:timers/promises";
import { easyTextOf, namesIn } from "../probes/files.ts";

/** Long enough for a working runner to use several of the kernel's ticks, short enough for a beat to wait. */
const SPAN_MS = 150;
/** The kernel counts processor time in hundredths of a second, whatever its own clock. */
const TICK_MS = 10;
/** Names are cut to fifteen characters. */
const RUNNER_NAMES = ["llama-server", "ollama_llama_se"];

/** How many cores Ollama's runners keep busy just now; `undefined` where none is to be seen. Linux only. */
export async function readRunnerLoad(): Promise<number | undefined> {
	const ids = (await namesIn("/proc")).filter((name) => /^\d+$/.test(name));
	const found = await Promise.all(ids.map(async (id) => ((await isRunner(id)) ? [id] : [])));
	const runners = found.flat();
	if (runners.length === 0) return undefined;
	const startedAt = performance.now();
	const before = await ticksOf(runners);
	await delay(SPAN_MS);
	const ticks = (await ticksOf(runners)) - before;
	return Math.max(0, ticks * TICK_MS) / (performance.now() - startedAt);
}

async function isRunner(id: string): Promise<boolean> {
	const name = await easyTextOf(`/proc/${id}/comm`);
	if (name !== "ollama") return name !== undefined && RUNNER_NAMES.includes(name);
	// The server, its runners and its command line tool are one program.
	return (await easyTextOf(`/proc/${id}/cmdline`))?.split("\0")[1] === "runner";
}

async function ticksOf(ids: readonly string[]): Promise<number> {
	const stats = await Promise.all(ids.map((id) => easyTextOf(`/proc/${id}/stat`)));
	return stats.reduce((sum, stat) => sum + parseTicks(stat ?? ""), 0);
}

/** `/proc/PID/stat`: user and system time are the 14th and 15th value; the second is a name that may hold anything. */
export function parseTicks(stat: string): number {
	const values = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
	return Number(values[11] ?? 0) + Number(values[12] ?? 0);
}
