/** `npm run chaos`: the long campaign. Prints fault by outcome, writes JSON, and fails on anything that must never be. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { buildAll } from "../../local/build/build.ts";
import { ROOT } from "../../local/places.ts";
import { campaign } from "./campaign/campaign.ts";
import type { Fault } from "./campaign/fault.ts";
import { FAULTS } from "./campaign/faults/all.ts";
import type { Level } from "./campaign/levels.ts";
import type { StormReport } from "./campaign/storm.ts";
import { linesOf, tableOf } from "./campaign/table.ts";

interface Flags {
	readonly seeds: number;
	readonly firstSeed: number;
	readonly requests: number;
	readonly crowd: number;
	readonly fault?: string;
	readonly json: string;
}

const command = new Command("npm run chaos --")
	.description("Breaks machines, networks, clients and the router itself under load, and holds what every client saw against what must be")
	.option("--seeds <number>", "how many seeds, each with a fleet of its own", wholeNumber, 5)
	.option("--first-seed <number>", "the first of them", wholeNumber, 1)
	.option("--requests <number>", "requests in all, at least", wholeNumber, 5_000)
	.option("--crowd <number>", "clients that wait when the only machine with their model dies", wholeNumber, 500)
	.option("--fault <words>", "only faults with these words in their name")
	.option("--json <file>", "where the figures go", join(ROOT, "dist", "chaos.json"))
	.addHelpText("after", `\nFaults:\n${FAULTS.map(({ name }) => `  ${name}`).join("\n")}`)
	.showHelpAfterError("(npm run chaos -- --help shows what there is)");

function wholeNumber(text: string): number {
	if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError("It must be a whole number above zero.");
	return Number(text);
}

function say(line: string): void {
	process.stdout.write(`${line}\n`);
}

function tell({ fault, outcomes, leaks, problems, seconds }: StormReport, level: Level | undefined): void {
	const requests = Object.values(outcomes).reduce((total, count) => total + count, 0);
	const held = level ? `, workerd ${level.memoryMb} MB` : "";
	say(`${leaks.length + problems.length > 0 ? "FAILED" : "passed"}  ${fault} (${requests} requests, ${seconds.toFixed(1)} s${held})`);
	for (const problem of [...problems, ...leaks]) say(`        ${problem}`);
}

function chosen(words: string | undefined): Fault[] {
	const faults = FAULTS.filter(({ name }) => words === undefined || name.toLowerCase().includes(words.toLowerCase()));
	return faults.length > 0 ? faults : command.error(`error: no fault has "${words}" in its name`);
}

/** An end by signal still gives the small disk back. */
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));

async function main(): Promise<void> {
	command.parse();
	const { seeds: count, firstSeed, requests, crowd, fault, json } = command.opts<Flags>();
	const faults = chosen(fault);
	await buildAll();
	const seeds = Array.from({ length: count }, (_, index) => firstSeed + index);
	const each = Math.ceil(requests / (count * faults.length));
	const { storms, skipped, levels } = await campaign({ seeds, faults, requests: each, crowd, smallDisk: true, onStorm: tell });
	say(`\n${tableOf(storms)}\n`);
	for (const { fault: name, why } of skipped) say(`Skipped "${name}": ${why}`);
	mkdirSync(dirname(json), { recursive: true });
	writeFileSync(json, `${JSON.stringify({ seeds, lines: linesOf(storms), skipped, levels, storms }, null, "\t")}\n`);
	const wrong = storms.reduce((total, { leaks, problems }) => total + leaks.length + problems.length, 0);
	say(wrong === 0 ? `Nothing that must never be. Figures: ${json}` : `${wrong} violations. Figures: ${json}`);
	// Not by itself: Node 24 can turn for ever in its own clean-up once thousands of connections were reset
	process.exit(wrong === 0 ? 0 : 1);
}

await main();
