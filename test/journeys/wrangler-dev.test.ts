/** The same worker under plain `wrangler dev`: no launcher, no relay, no data folder. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import OpenAI from "openai";
import { afterAll, beforeAll, it } from "vitest";
import { ROOT } from "../../local/places.ts";
import { FleetSnapshotSchema } from "../../worker/protocol/fleet.ts";
import { TraceSchema } from "../../worker/protocol/trace.ts";
import { cleanEnvironment } from "./clean-environment.ts";
import { freePort } from "./free-port.ts";
import { takesWork } from "./herd-machine.ts";
import { type Machine, startMachine } from "./machine.ts";
import { until } from "./until.ts";

const ADMIN_KEY = "admin-key-of-this-test";
const TOKEN = "join-token-of-this-test";
const MODEL = "llama3.2:3b";
/** A cold wrangler bundles the worker first; on a busy machine that takes its time. */
const START_LIMIT_MS = 90_000;

let folder: string;
let url: string;
let wrangler: ChildProcess;
let output = "";
const machines: Machine[] = [];

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "herd-wrangler-"));
	const port = await freePort();
	url = `http://127.0.0.1:${port}`;
	const variables = ["--var", `FLEET_ADMIN_KEY:${ADMIN_KEY}`, "--var", `FLEET_NODE_TOKEN:${TOKEN}`];
	// The repository's own file only: a `.dev.vars` that somebody's `npm run dev` has left would win over the variables
	const envFile = ["--env-file", join(ROOT, ".env")];
	const flags = ["dev", "--port", String(port), "--ip", "127.0.0.1", "--persist-to", join(folder, "state"), ...envFile, ...variables];
	const env = { ...cleanEnvironment(), CI: "1", WRANGLER_SEND_METRICS: "false" };
	// A group of its own, so that all of it can be ended
	wrangler = spawn(process.execPath, [join(ROOT, "node_modules", "wrangler", "bin", "wrangler.js"), ...flags], {
		cwd: ROOT,
		env,
		detached: true,
		stdio: ["ignore", "pipe", "pipe"],
	});
	for (const stream of [wrangler.stdout, wrangler.stderr]) stream?.on("data", (chunk: Buffer) => (output += chunk.toString()));
	await answering();
}, START_LIMIT_MS);

afterAll(async () => {
	for (const machine of machines) await machine.stop();
	if (wrangler?.pid !== undefined && wrangler.exitCode === null && wrangler.signalCode === null) {
		const gone = once(wrangler, "exit");
		process.kill(-wrangler.pid, "SIGTERM");
		await gone;
	}
	if (folder) await rm(folder, { recursive: true, force: true });
});

async function answering(): Promise<void> {
	const deadline = performance.now() + START_LIMIT_MS;
	while (performance.now() < deadline) {
		if (wrangler.exitCode !== null) throw new Error(`wrangler dev has ended:\n${output}`);
		const up = await fetch(`${url}/healthz`).then(
			({ ok }) => ok,
			() => false,
		);
		if (up) return;
		await new Promise((resolve) => setTimeout(resolve, 100));
	}
	throw new Error(`wrangler dev is not up:\n${output}`);
}

async function status() {
	return FleetSnapshotSchema.parse(await (await fetch(`${url}/fleet/status`)).json());
}

async function traces() {
	const body = (await (await fetch(`${url}/dashboard/api/traces?limit=20`)).json()) as { traces: unknown[] };
	return body.traces.map((row) => TraceSchema.parse(row));
}

it("is healthy, and knows nobody yet", async ({ expect }) => {
	expect(await (await fetch(`${url}/healthz`)).json()).toMatchObject({ status: "ok" });
	expect((await status()).fleet).toMatchObject({ nodes_total: 0, requests_active: 0 });
	expect((await fetch(`${url}/dashboard`)).headers.get("content-type")).toContain("text/html");
});

it("lets a machine in by approval", async ({ expect }) => {
	machines.push(await startMachine({ url, folder }, { nodeId: "approved", profile: "mac-mini", models: [MODEL], resident: [MODEL] }));
	await until("it waits", async () => (await status()).nodes.some((node) => node.node_id === "approved" && node.status === "pending"));
	const approve = (key: string) =>
		fetch(`${url}/fleet/nodes/approved/approve`, {
			method: "POST",
			headers: { "content-type": "application/json", authorization: `Bearer ${key}` },
		});
	expect((await approve("wrong")).status).toBe(401);
	expect((await approve(ADMIN_KEY)).status).toBe(200);
	await takesWork(url, "approved");
});

it("lets a machine in by the token", async () => {
	machines.push(await startMachine({ url, folder }, { nodeId: "trusted", profile: "nuc", models: ["nomic-embed-text"], token: TOKEN }));
	await takesWork(url, "trusted");
});

it("streams a chat and keeps its trace", async ({ expect }) => {
	const openai = new OpenAI({ baseURL: `${url}/v1`, apiKey: "unused", maxRetries: 0, defaultHeaders: { "X-Herd-Tags": "streamed" } });
	const stream = await openai.chat.completions.create({
		model: MODEL,
		messages: [{ role: "user", content: "Hello" }],
		stream: true,
		max_tokens: 9,
	});
	let text = "";
	for await (const { choices } of stream) text += choices[0]?.delta.content ?? "";
	expect(text).toMatch(/\w+ \w+/);
	const trace = await until("its trace is there", async () => (await traces()).find(({ tags }) => tags?.includes("streamed")));
	expect(trace).toMatchObject({ status: "completed", node_id: "approved", model: MODEL, finish_reason: "length", streamed: true });
});

it("passes a whole answer on, with the headers that name the node", async ({ expect }) => {
	const body = JSON.stringify({ model: MODEL, prompt: "Hello", stream: false, options: { num_predict: 5 } });
	const response = await fetch(`${url}/api/generate`, { method: "POST", body });
	expect([response.status, response.headers.get("x-fleet-node")]).toEqual([200, "approved"]);
	expect(await response.json()).toMatchObject({ done: true, eval_count: 5 });
	const requestId = response.headers.get("x-request-id");
	await until("its trace is there", async () =>
		(await traces()).some((trace) => trace.request_id === requestId && trace.status === "completed"),
	);
});
