/** `npm run bench -- scale`: what a large fleet costs the router. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { Command } from "commander";
import { ROOT } from "../../../local/places.ts";
import { beatShare } from "./beat-time.ts";
import { decisionTimes } from "./decision-time.ts";

const SEED = 31;

export function scaleCommand(): Command {
	return new Command("scale")
		.description("what 1,000 nodes with 50 models each and 1,000 waiting requests cost: decisions and heartbeats")
		.option("--json <file>", "where the figures are written", join(ROOT, "dist", "bench", "scale.json"))
		.action(run);
}

async function run({ json }: { json: string }): Promise<void> {
	const figures = { ...decisionTimes(SEED), beatsOfOneCore: beatShare() };
	await mkdir(dirname(resolve(json)), { recursive: true });
	await writeFile(json, `${JSON.stringify(figures, null, "\t")}\n`);
	const { oneMs, fullMs, bindingMs, bound, beatsOfOneCore } = figures;
	process.stdout.write(`1,000 nodes, 50 models, each on 600 nodes; medians
one request, nothing else waiting              ${oneMs.toFixed(2)} ms (gate: 2)
a pass over 1,000 waiting, every node full     ${fullMs.toFixed(1)} ms
a pass over 1,000 waiting, a third of the nodes free  ${bindingMs.toFixed(0)} ms, ${bound} bound
heartbeats of all nodes                        ${(beatsOfOneCore * 100).toFixed(1)} % of one core (gate: 20)

Figures as JSON: ${json}\n`);
}
