/** The agent as somebody gets it from the router, living on a machine: installed, joined, examined, its Ollama kept running. */
import { execFile, execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, it } from "vitest";
import { ROOT } from "../../local/places.ts";
import { cleanEnvironment } from "./clean-environment.ts";
import { freePort } from "./free-port.ts";
import { HerdProcess } from "./herd-process.ts";
import { Household } from "./household.ts";
import { addMachine } from "./machine.ts";
import { until } from "./until.ts";

const MODEL = "llama3.2:3b";
const SYSTEM_NODE = "/usr/bin/node";
/** That which runs this, and the machine's own where it is another. */
const NODES = [process.execPath, ...(existsSync(SYSTEM_NODE) ? [SYSTEM_NODE] : [])].map((path) => ({ path, version: versionOf(path) }));

let folder: string;
let household: Household;
let installed: string;

function versionOf(node: string): string {
	return execFileSync(node, ["--version"], { encoding: "utf8" }).trim();
}

/** Into an empty folder, from the file that the router serves, without a registry. */
async function install(): Promise<string> {
	const home = join(folder, "installed");
	await mkdir(home);
	// Else npm takes a folder above for the one that is meant, where that has a manifest
	await writeFile(join(home, "package.json"), "{}");
	const response = await fetch(`${household.url}/agent.tgz`);
	await writeFile(join(home, "agent.tgz"), Buffer.from(await response.arrayBuffer()));
	const { code, printed } = await run("npm", ["install", "--offline", "--no-audit", "--no-fund", "./agent.tgz"], { cwd: home });
	if (code !== 0 || /warn/i.test(printed)) throw new Error(`npm install was not quiet: ${printed}`);
	return join(home, "node_modules", ".bin");
}

function run(program: string, args: string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}) {
	const how = { env: cleanEnvironment(), shell: process.platform === "win32", ...options };
	return new Promise<{ code: number; printed: string }>((resolve) => {
		execFile(program, args, how, (error, stdout, stderr) => resolve({ code: Number(error?.code ?? 0), printed: stdout + stderr }));
	});
}

const bin = (name: string, node: string, args: string[]) => run(node, [join(installed, name), ...args]);

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "herd-living-"));
	household = await Household.start();
	installed = await install();
});

afterAll(async () => {
	await household?.stop();
	await rm(folder, { recursive: true, force: true });
});

/** An `ollama` for a PATH: the simulated one, where OLLAMA_HOST says. */
async function fakeOllama(): Promise<string> {
	const bins = join(folder, "bin");
	await mkdir(bins, { recursive: true });
	const sim = `"${process.execPath}" "${join(ROOT, "agent", "src", "simulate", "main.ts")}" --profile mac-mini --models ${MODEL} --time-scale Infinity`;
	await writeFile(join(bins, "ollama"), `#!/bin/sh\nexec ${sim} --port "\${OLLAMA_HOST##*:}"\n`);
	await chmod(join(bins, "ollama"), 0o755);
	return bins;
}

interface Living {
	readonly dataDir: string;
	readonly ollamaUrl: string;
	stop(): Promise<void>;
}

async function live(nodeId: string, node: string): Promise<Living> {
	const dataDir = join(folder, nodeId);
	const ollamaUrl = `http://127.0.0.1:${await freePort()}`;
	const flags = ["--router-url", household.url, "--ollama-host", ollamaUrl, "--node-id", nodeId, "--port", "0", "--data-dir", dataDir];
	const env = { ...cleanEnvironment(), PATH: `${await fakeOllama()}:${process.env.PATH}`, FLEET_NODE_TOKEN: household.joinToken };
	const child: ChildProcess = spawn(node, [join(installed, "herd-agent"), ...flags, "--start-ollama"], { env, stdio: "ignore" });
	const stop = async () => {
		if (child.exitCode !== null || child.signalCode !== null) return;
		const gone = once(child, "exit");
		child.kill("SIGTERM");
		await gone;
	};
	return household.add({ dataDir, ollamaUrl, stop });
}

const answers = (url: string) =>
	fetch(url).then(
		() => true,
		() => false,
	);

async function startAnew(nodeId: string, key = household.adminKey) {
	const headers = { "content-type": "application/json", authorization: `Bearer ${key}` };
	const response = await fetch(`${household.url}/fleet/nodes/${nodeId}/restart-ollama`, { method: "POST", headers });
	return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

describe.for(NODES)("the agent that the router serves, under Node $version", ({ path: node, version }) => {
	it("needs nothing but its file, and answers to the origin's name too", async ({ expect }) => {
		expect(await bin("herd-agent", node, ["--version"])).toEqual({ code: 0, printed: "0.1.0\n" });
		const alias = await bin("herd-node", node, ["--version"]);
		expect([alias.code, alias.printed]).toEqual([0, expect.stringContaining("0.1.0\n")]);
		expect(alias.printed).toContain("herd-agent now");
		expect(await readdir(join(installed, ".."))).not.toContain("commander");
	});

	it("starts an Ollama, joins, answers, is found well, and leaves nothing running", async ({ expect }) => {
		const nodeId = `node-${version.replaceAll(".", "-")}`;
		const { dataDir, ollamaUrl, stop } = await live(nodeId, node);
		await household.ready(nodeId);
		const body = JSON.stringify({ model: MODEL, messages: [{ role: "user", content: "Hello" }], stream: false });
		expect((await fetch(`${household.url}/api/chat`, { method: "POST", body })).headers.get("x-fleet-node")).toBe(nodeId);
		const flags = ["--data-dir", dataDir, "--node-id", nodeId, "--ollama-host", ollamaUrl];
		const { printed } = await bin("herd-agent", node, ["doctor", "--json", ...flags]);
		const { findings } = JSON.parse(printed) as { findings: { about: string; state: string; text: string }[] };
		for (const about of ["Router", "Fleet", "Door", "Ollama", "Agent", "Node"])
			expect(
				findings.find((finding) => finding.about === about),
				about,
			).toMatchObject({ state: "ok" });
		const drained = JSON.parse((await bin("herd-agent", node, ["drain", "--json", ...flags])).printed) as unknown;
		expect(drained).toEqual({ node_id: nodeId, agent_runs: true, draining: true, held: null, requests_running: 0, router_told: true });
		await stop();
		expect(await answers(ollamaUrl)).toBe(false);
	});
});

describe("an Ollama at the router's word", () => {
	it("is started anew where the agent has started it, for the admin alone", async ({ expect }) => {
		const { ollamaUrl, stop } = await live("keeper", process.execPath);
		await household.ready("keeper");
		const loaded = async () => ((await (await fetch(`${ollamaUrl}/api/ps`)).json()) as { models: unknown[] }).models.length;
		await fetch(`${ollamaUrl}/api/generate`, { method: "POST", body: JSON.stringify({ model: MODEL }) }).then((response) =>
			response.text(),
		);
		await until("the router knows it in memory", async () => (await household.node("keeper"))?.ollama.models_loaded.length === 1);
		expect((await startAnew("keeper", household.joinToken)).status).toBe(401);
		expect(await startAnew("keeper")).toEqual({ status: 200, body: { ok: true, node_id: "keeper", requests_cut: 0 } });
		expect([await loaded(), (await household.node("keeper"))?.ollama.models_loaded]).toEqual([0, []]);
		await stop();
	});

	it("stays as it is where somebody else has started it, and that is said", async ({ expect }) => {
		await addMachine(household, { nodeId: "plain", profile: "mac-mini", models: [MODEL] });
		await household.ready("plain");
		const { status, body } = await startAnew("plain");
		expect([status, body.error]).toEqual([409, expect.stringContaining("--start-ollama")]);
		expect((await household.node("plain"))?.ollama.state).toBe("running");
		const flags = ["--port", String(household.port), "nodes", "restart-ollama", "plain"];
		const herd = household.add(new HerdProcess({ dataDir: household.folder, flags }));
		expect(await herd.ended()).toMatchObject({ code: 1, errors: expect.stringContaining("--start-ollama") });
		const unknown = await startAnew("nobody");
		expect([unknown.status, unknown.body.error]).toEqual([404, expect.stringContaining('"nobody"')]);
	});
});
