/** The machine that is measured on, and what else runs there. */
import { cpus, loadavg } from "node:os";
import type { RunningStage } from "./stage.ts";
import { sum } from "./statistics.ts";
import { usageOf } from "./usage.ts";

export interface Machine {
	cpu: string;
	cores: number;
	platform: string;
	node: string;
	loadAverageBefore: number;
}

export function thisMachine(): Machine {
	const all = cpus();
	return {
		cpu: all[0]?.model.trim() ?? "unknown CPU",
		cores: all.length,
		platform: `${process.platform} ${process.arch}`,
		node: process.version,
		loadAverageBefore: loadavg()[0] ?? 0,
	};
}

interface Reading {
	readonly at: number;
	readonly busyMs: number;
	readonly ownMs: number;
}

/** How much of the machine other programs use from `begin` to `end`: a figure of a shared machine is only as good as this is low. */
export class ForeignLoad {
	readonly #stage: RunningStage;
	readonly #before: Reading;

	private constructor(stage: RunningStage, before: Reading) {
		this.#stage = stage;
		this.#before = before;
	}

	static async begin(stage: RunningStage): Promise<ForeignLoad> {
		return new ForeignLoad(stage, await read(stage));
	}

	/** The share of all cores, 0 to 1. */
	async end(): Promise<number> {
		const [before, after] = [this.#before, await read(this.#stage)];
		const foreignMs = after.busyMs - before.busyMs - (after.ownMs - before.ownMs);
		return Math.max(0, foreignMs / ((after.at - before.at) * cpus().length));
	}
}

async function read(stage: RunningStage): Promise<Reading> {
	const used = await Promise.all((await stage.allProcesses()).map(usageOf));
	const busyMs = sum(cpus().map(({ times }) => times.user + times.nice + times.sys + times.irq));
	return { at: performance.now(), busyMs, ownMs: sum(used.map((usage) => usage?.cpuMs ?? 0)) };
}
