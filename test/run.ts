/** `npm test`: everything, one part after the other, and what each took. `npm test -- unit worker` runs only those. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../local/places.ts";

const GOLDEN = join(ROOT, "..", "shared", "golden");
const vitest = (name: string) => ["vitest", "run", "--config", `vitest.${name}.config.ts`];

/** A part is a list of commands; all that can be known early comes first. */
const PARTS: Record<string, readonly (readonly string[])[]> = {
	lint: [
		["oxfmt", "--check"],
		["oxlint", "--deny-warnings"],
	],
	types: ["worker", "agent", "local", "dashboard", "test", "test/worker"].map((folder) => ["tsc", "-p", folder]),
	build: [["node", "local/build/main.ts"]],
	unit: [vitest("unit")],
	worker: [vitest("worker")],
	conformance: [vitest("conformance")],
	journeys: [vitest("journeys")],
	compat: [vitest("compat")],
};

async function run(command: readonly string[]): Promise<boolean> {
	const [program = "", ...flags] = command;
	const child = spawn(program, flags, {
		cwd: ROOT,
		stdio: ["ignore", "inherit", "inherit"],
		env: { ...process.env, FORCE_COLOR: process.stdout.isTTY ? "1" : "0" },
		shell: process.platform === "win32",
	});
	const [code] = (await once(child, "exit")) as [number | null];
	return code === 0;
}

async function runPart(name: string): Promise<{ name: string; passed: boolean; seconds: number }> {
	process.stdout.write(`\n== ${name}\n`);
	if (name === "conformance" && !existsSync(GOLDEN)) process.stdout.write(`Skipped: the recordings are not here (${GOLDEN})\n`);
	const startedAt = Date.now();
	let passed = true;
	for (const command of PARTS[name] ?? []) passed = (await run(command)) && passed;
	return { name, passed, seconds: (Date.now() - startedAt) / 1000 };
}

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in PARTS));
if (unknown.length > 0) {
	process.stderr.write(`No such part: ${unknown.join(", ")}. There are ${Object.keys(PARTS).join(", ")}\n`);
	process.exit(2);
}
const results = [];
for (const name of asked.length > 0 ? asked : Object.keys(PARTS)) results.push(await runPart(name));

process.stdout.write("\n");
for (const { name, passed, seconds } of results)
	process.stdout.write(`${passed ? "passed" : "FAILED"}  ${name.padEnd(12)} ${seconds.toFixed(1)} s\n`);
const failed = results.filter(({ passed }) => !passed).length;
process.stdout.write(`${results.length - failed} passed, ${failed} failed\n`);
process.exitCode = failed > 0 ? 1 : 0;
