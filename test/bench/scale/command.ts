/** `npm run bench -- scale`: what a large fleet costs the router. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { ROOT } from "../../../local/places.ts";
import { beatShare } from "./beat-time.ts";
import { decisionTimes } from "./decision-time.ts";
import { measureTraces } from "./traces/measure.ts";
import { tracesTable } from "./traces/table.ts";

const SEED = 31;

export function scaleCommand(): Command {
	return new Command("scale")
		.description("what 1,000 nodes with 50 models each and 1,000 waiting requests cost: decisions and heartbeats")
		.option("--traces <number>", "instead: what the page's questions cost with so many traces on file, while streams run", wholeNumber)
		.option("--json <file>", "where the figures are written", join(ROOT, "dist", "bench", "scale.json"))
		.action(run);
}

async function run({ json, traces }: { json: string; traces?: number }): Promise<void> {
	const { figures, text } = traces === undefined ? fleetFigures() : await traceFigures(traces);
	await mkdir(dirname(resolve(json)), { recursive: true });
	await writeFile(json, `${JSON.stringify(figures, null, "\t")}\n`);
	process.stdout.write(`${text}\n\nFigures as JSON: ${json}\n`);
}

interface Measured {
	readonly figures: object;
	readonly text: string;
}

function fleetFigures(): Measured {
	const figures = { ...decisionTimes(SEED), beatsOfOneCore: beatShare() };
	const { oneMs, fullMs, bindingMs, bound, beatsOfOneCore } = figures;
	const text = `1,000 nodes, 50 models, each on 600 nodes; medians
one request, nothing else waiting              ${oneMs.toFixed(2)} ms (gate: 2)
a pass over 1,000 waiting, every node full     ${fullMs.toFixed(1)} ms
a pass over 1,000 waiting, a third of the nodes free  ${bindingMs.toFixed(0)} ms, ${bound} bound
heartbeats of all nodes                        ${(beatsOfOneCore * 100).toFixed(1)} % of one core (gate: 20)`;
	return { figures, text };
}

async function traceFigures(rows: number): Promise<Measured> {
	const figures = await measureTraces(rows, { seed: SEED, say: (line) => void process.stderr.write(`${line}\n`) });
	return { figures, text: tracesTable(figures) };
}

function wholeNumber(text: string): number {
	const value = Number(text);
	if (Number.isInteger(value) && value >= 1) return value;
	throw new InvalidArgumentError("It must be a whole number from 1.");
}
