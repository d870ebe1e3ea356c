/** `npm run bench -- routing`: the decision code in the routing study's simulator, against rivals. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { ROOT } from "../../../local/places.ts";
import { chart } from "./chart.ts";
import { checkGates } from "./gates.ts";
import { measureRouting } from "./measure.ts";
import { POLICY_NAMES, type PolicyName } from "./policies/all.ts";
import { tables } from "./report.ts";
import { SCENARIOS } from "./scenarios.ts";

/** The first of the study's seeds, on which the offered load was settled too; `--first-seed 51` gives five that settled nothing. */
const FIRST_SEED = 31;
const DEFAULT_SEEDS = 5;
const QUICK = { seeds: 2, scenarios: ["home60", "twoExt", "death"] };
const SCENARIO_NAMES = SCENARIOS.map(({ name }) => name);

interface Flags {
	scenario?: string[];
	policy?: PolicyName[];
	seeds?: number;
	firstSeed: number;
	quick?: true;
	json: string;
	chart?: string;
}

export function routingCommand(): Command {
	return new Command("routing")
		.description("which node requests are sent to, simulated: waiting, loads, fairness against rival policies, and the gates")
		.option("--scenario <names>", `comma-separated, of ${SCENARIO_NAMES.join(", ")}`, oneOf(SCENARIO_NAMES))
		.option("--policy <names>", `comma-separated, of ${POLICY_NAMES.join(", ")}`, oneOf(POLICY_NAMES))
		.option("--seeds <number>", `how many (default: ${DEFAULT_SEEDS})`, wholeNumber(100))
		.option("--first-seed <number>", "the first of them", wholeNumber(1_000_000), FIRST_SEED)
		.option("--quick", `${QUICK.seeds} seeds of ${QUICK.scenarios.join(", ")}: under a minute`)
		.option("--json <file>", "where the figures are written", join(ROOT, "dist", "bench", "routing.json"))
		.option("--chart <file>", "where the p95 of the policies is drawn, as SVG")
		.action(run);
}

async function run({ scenario, policy = POLICY_NAMES, seeds: count, firstSeed, quick, json, chart: chartFile }: Flags): Promise<void> {
	const seeds = Array.from({ length: count ?? (quick ? QUICK.seeds : DEFAULT_SEEDS) }, (_, index) => firstSeed + index);
	const scenarios = scenario ?? (quick ? QUICK.scenarios : SCENARIO_NAMES);
	const result = measureRouting({ scenarios, policies: policy, seeds }, (line) => process.stderr.write(`${line}\n`));
	const gates = checkGates(result);
	await mkdir(dirname(resolve(json)), { recursive: true });
	await writeFile(json, `${JSON.stringify({ ...result, gates }, null, "\t")}\n`);
	if (chartFile) await writeFile(chartFile, chart(result));
	process.stdout.write(`\n${tables(result, gates)}\n\nFigures as JSON: ${json}\n`);
}

function oneOf<Name extends string>(names: readonly Name[]): (text: string) => Name[] {
	return (text) =>
		text.split(",").map((word) => {
			const found = names.find((name) => name === word.trim());
			if (found) return found;
			throw new InvalidArgumentError(`There is no "${word.trim()}", only ${names.join(", ")}.`);
		});
}

function wholeNumber(most: number): (text: string) => number {
	return (text) => {
		const number = Number(text);
		if (Number.isInteger(number) && number >= 1 && number <= most) return number;
		throw new InvalidArgumentError(`It must be a whole number from 1 to ${most}.`);
	};
}
