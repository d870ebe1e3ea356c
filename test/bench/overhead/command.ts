/** `npm run bench -- overhead`: what the router adds to the direct path. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { ROOT } from "../../../local/places.ts";
import { measureOverhead } from "./measure.ts";
import { limitMs, planSteps } from "./plan.ts";
import { tables } from "./report.ts";
import { Stage } from "./stage.ts";

/** With these the whole run takes about a minute. */
const DEFAULT_SECONDS = 3;
const EXIT_FAILED = 1;
/** As shells have it: 128 and the number of SIGINT. */
const EXIT_INTERRUPTED = 130;

interface Flags {
	seconds: number;
	json: string;
}

export function overheadCommand(): Command {
	return new Command("overhead")
		.description("what the router adds, paired with the direct path in one run: first byte, chunks, ceilings, memory, CPU")
		.option("--seconds <number>", "how long each path is measured in each step", parseSeconds, DEFAULT_SECONDS)
		.option("--json <file>", "where the figures are written", join(ROOT, "dist", "bench", "overhead.json"))
		.action(run);
}

async function run({ seconds, json }: Flags): Promise<void> {
	const stage = new Stage();
	endInAnyCase(stage, limitMs(seconds));
	try {
		const result = await measureOverhead(stage, { steps: planSteps(seconds), say });
		await mkdir(dirname(resolve(json)), { recursive: true });
		await writeFile(json, `${JSON.stringify(result, null, "\t")}\n`);
		process.stdout.write(`\n${tables(result)}\n\nFigures as JSON: ${json}\n`);
	} catch (error) {
		// A stopped run ends where it stands, and has said so
		if (!stage.isStopped) say(`The benchmark failed: ${error instanceof Error ? error.message : String(error)}`);
		process.exitCode = EXIT_FAILED;
	} finally {
		await stage.stop();
	}
}

/** Progress goes to the other stream, so that the table can be redirected alone. */
function say(line: string): void {
	process.stderr.write(`${line}\n`);
}

/** Neither a signal nor a part that hangs leaves a process behind. */
function endInAnyCase(stage: Stage, afterMs: number): void {
	const end = (why: string, exitCode: number) => {
		say(why);
		void stage.stop().finally(() => process.exit(exitCode));
	};
	setTimeout(() => end(`Gave up after ${Math.round(afterMs / 1000)} s`, EXIT_FAILED), afterMs).unref();
	for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => end("Stopping", EXIT_INTERRUPTED));
}

function parseSeconds(text: string): number {
	const seconds = Number(text);
	if (seconds >= 0.5 && seconds <= 600) return seconds;
	throw new InvalidArgumentError("It must be a number from 0.5 to 600.");
}
