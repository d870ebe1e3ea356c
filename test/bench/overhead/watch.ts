/** Watches memory and CPU of the router's processes over a run. */
import { type RunningStage, WATCHED, type Watched } from "./stage.ts";
import { type Usage, usageOf } from "./usage.ts";

const LOOK_EVERY_MS = 250;

export type PerProcess<Value> = Partial<Record<Watched, Value>>;

export async function readUsage(stage: RunningStage): Promise<PerProcess<Usage>> {
	const ids = await stage.watchedProcesses();
	const entries = await Promise.all(WATCHED.map(async (name) => [name, await usageOf(ids[name])] as const));
	return Object.fromEntries(entries.filter(([, usage]) => usage !== undefined));
}

export function residentBytes(usage: PerProcess<Usage>): PerProcess<number> {
	return perProcess((name) => usage[name]?.residentBytes);
}

/** CPU between two readings, spread over what was done meanwhile. */
export function cpuMicrosecondsEach(before: PerProcess<Usage>, after: PerProcess<Usage>, count: number): PerProcess<number> {
	return perProcess((name) => {
		const [start, end] = [before[name], after[name]];
		return start && end && count > 0 ? ((end.cpuMs - start.cpuMs) * 1000) / count : undefined;
	});
}

/** The most that each process held at any look, until it is stopped. */
export class PeakMemory {
	readonly #stage: RunningStage;
	readonly #timer: NodeJS.Timeout;
	#peak: PerProcess<number> = {};

	constructor(stage: RunningStage) {
		this.#stage = stage;
		this.#timer = setInterval(() => void this.#look(), LOOK_EVERY_MS);
	}

	stop(): PerProcess<number> {
		clearInterval(this.#timer);
		return this.#peak;
	}

	async #look(): Promise<void> {
		const now = residentBytes(await readUsage(this.#stage).catch(() => ({})));
		this.#peak = perProcess((name) => Math.max(now[name] ?? 0, this.#peak[name] ?? 0) || undefined);
	}
}

function perProcess(read: (name: Watched) => number | undefined): PerProcess<number> {
	const entries = WATCHED.map((name) => [name, read(name)] as const);
	return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}
