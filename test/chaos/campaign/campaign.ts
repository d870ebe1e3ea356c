/** Storm after storm on one home: each seed goes through all faults in an order of its own. */
import { type Random, seeded } from "../../../agent/src/simulate/machine/random.ts";
import type { Fault } from "./fault.ts";
import { Home } from "./home.ts";
import { growth, type Level, levelOf } from "./levels.ts";
import { storm, type StormReport } from "./storm.ts";

export interface CampaignOptions {
	readonly seeds: readonly number[];
	readonly faults: readonly Fault[];
	/** In each storm, at least. */
	readonly requests: number;
	/** Clients that wait at once where a fault wants a crowd. */
	readonly crowd: number;
	/** The router's database on a disk that can be filled, where that is possible. */
	readonly smallDisk?: boolean;
	readonly onStorm: (report: StormReport, level: Level | undefined) => void;
}

export interface CampaignReport {
	readonly storms: readonly StormReport[];
	readonly skipped: readonly { readonly fault: string; readonly why: string }[];
	readonly levels: readonly { readonly before: Level | undefined; readonly after: Level | undefined }[];
}

/** A violation is in a report, not an error: the campaign goes on. */
export async function campaign(options: CampaignOptions): Promise<CampaignReport> {
	const storms: StormReport[] = [];
	const levels = [];
	const skipped = new Map<string, string>();
	for (const seed of options.seeds) {
		const home = await Home.start({ smallDisk: options.smallDisk ?? false });
		try {
			levels.push(await oneSeed(home, seed, { options, storms, skipped }));
		} finally {
			await home.stop();
		}
	}
	return { storms, levels, skipped: [...skipped].map(([fault, why]) => ({ fault, why })) };
}

interface Notes {
	readonly options: CampaignOptions;
	readonly storms: StormReport[];
	readonly skipped: Map<string, string>;
}

async function oneSeed(home: Home, seed: number, { options, storms, skipped }: Notes) {
	const random = seeded(seed);
	let before: Level | undefined;
	for (const [index, fault] of shuffled(random, options.faults).entries()) {
		const why = fault.skip?.(home);
		if (why !== undefined) {
			skipped.set(fault.name, why);
			continue;
		}
		const { requests, crowd } = options;
		const report = await storm(fault, { home, name: `s${seed}f${index}`, random, requests, crowd });
		const after = levelOf(home);
		// A level means something between calm moments of one process
		if (before?.workerdPid !== after?.workerdPid) before = after;
		storms.push({ ...report, leaks: [...report.leaks, ...growth(before, after)] });
		options.onStorm(storms.at(-1) ?? report, after);
	}
	return { before, after: levelOf(home) };
}

function shuffled<T>(random: Random, list: readonly T[]): T[] {
	return list
		.map((item) => ({ item, at: random() }))
		.sort((one, other) => one.at - other.at)
		.map(({ item }) => item);
}
