/** `node test/conformance/main.ts [--base-url URL] [--set NAME] [--only PATTERN]`: replays recordings, against a server of yours or a simulated one. */
import { join } from "node:path";
import { Command } from "commander";
import { describeDifferences, replay, summary } from "./replay.ts";
import { RECORDING_SETS, recordingsFolder, startGoldenSimulation } from "./sets.ts";

interface Flags {
	baseUrl?: string;
	set?: string;
	only?: string;
	addedHeaders?: string;
	relayed?: true;
}

const flags = new Command("conformance")
	.option("--base-url <url>", "the server to test; a simulated Ollama for each set when absent")
	.option("--set <name>", `one of ${Object.keys(RECORDING_SETS).join(", ")}`)
	.option("--only <pattern>", "only cases whose name matches")
	.option("--relayed", "something in front of the server frames its answers anew: compare what they say, not how they are framed")
	.option("--added-headers <pattern>", "headers that something in front of the server adds, not compared")
	.parse()
	.opts<Flags>();

for (const [name, settings] of Object.entries(RECORDING_SETS)) {
	if (flags.set !== undefined && flags.set !== name) continue;
	const simulated = flags.baseUrl === undefined ? await startGoldenSimulation(settings) : undefined;
	const baseUrl = flags.baseUrl ?? simulated?.url ?? "";
	const only = flags.only === undefined ? {} : { only: new RegExp(flags.only) };
	const added = flags.addedHeaders === undefined ? {} : { addedHeaders: new RegExp(flags.addedHeaders, "i") };
	const outcomes = await replay({
		baseUrl,
		folder: join(recordingsFolder(), name),
		set: name,
		...only,
		...added,
		wire: flags.relayed ? "relayed" : "exact",
	});
	for (const outcome of outcomes) if (outcome.verdict.kind === "different") process.stdout.write(`${describeDifferences(outcome)}\n`);
	process.stdout.write(`${summary(name, outcomes)}\n`);
	await simulated?.stop();
}
