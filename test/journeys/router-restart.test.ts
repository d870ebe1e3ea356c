/** A router that is killed and started anew: it knows its machines and what they do, and nobody holds a place for ever. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, it } from "vitest";
import { ExplanationSchema } from "../../worker/protocol/decision.ts";
import { FleetSnapshotSchema, type NodeSnapshot } from "../../worker/protocol/fleet.ts";
import { addMachineTo, takesWork } from "./herd-machine.ts";
import { HerdProcess } from "./herd-process.ts";
import type { Ended } from "./household.ts";
import { RawClient, requestBytes } from "./raw-http.ts";
import { until } from "./until.ts";

const MODEL = "slow";
const COLD = "slow2";

let folder: string;
let herd: HerdProcess;
let url: string;
let things: Ended[] = [];

beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), "herd-restart-"));
	herd = new HerdProcess({ dataDir: folder });
	things = [herd];
	url = `http://127.0.0.1:${await herd.port()}`;
});

afterEach(async () => {
	for (const thing of things.reverse()) await thing.stop();
	await rm(folder, { recursive: true, force: true });
});

async function addMachine(nodeId: string) {
	const facts = { nodeId, profile: "golden", models: [MODEL, COLD], resident: [MODEL], timeScale: 1 };
	const machine = await addMachineTo({ url, folder }, { ...facts, token: herd.secret("join-token") });
	things.push(machine);
	return machine;
}

/** On the same port, so that the agents find the new one. SIGKILL ends it as a power cut does. */
async function restart(signal: NodeJS.Signals): Promise<void> {
	const { port } = new URL(url);
	herd.signal(signal);
	await herd.ended();
	await until("its port is free", async () => !(await fetch(url).catch(() => undefined)));
	herd = new HerdProcess({ dataDir: folder, flags: ["--port", port] });
	things.push(herd);
	await herd.port();
}

async function status() {
	return FleetSnapshotSchema.parse(await (await fetch(`${url}/fleet/status`)).json());
}

async function node(nodeId: string): Promise<NodeSnapshot | undefined> {
	return (await status()).nodes.find(({ node_id: id }) => id === nodeId);
}

async function ask(model: string): Promise<RawClient> {
	const client = await RawClient.open(Number(new URL(url).port));
	things.push({ stop: async () => client.destroy() });
	const body = JSON.stringify({ model, messages: [{ role: "user", content: "Hello" }], stream: true });
	client.send(requestBytes(Number(new URL(url).port), { path: "/api/chat", body }));
	return client;
}

/** `herd nodes …` on a terminal. */
async function herdNodes(...words: string[]): Promise<string> {
	const { code, output, errors } = await new HerdProcess({
		dataDir: folder,
		flags: ["--port", new URL(url).port, "nodes", ...words],
	}).ended();
	return code === 0 ? output : errors;
}

const hasBeaten = (nodeId: string) =>
	until(`${nodeId} has beaten`, async () => ((await node(nodeId))?.last_seen_ago_ms ?? Infinity) < 1_000 && (await node(nodeId)));

it("knows its machines, drained ones too, and no place is taken that nobody holds", async ({ expect }) => {
	const machine = await addMachine("stays");
	await addMachine("drained");
	expect(await herdNodes("drain", "drained")).toBe("drained takes nothing new; nothing runs there\n");
	const client = await ask(MODEL);
	await until("it streams", () => (client.answer?.body.byteLength ?? 0) > 0);
	await restart("SIGKILL");
	expect((await node("drained"))?.blocked_by).toEqual(["draining"]);
	expect(await node("stays")).toMatchObject({ status: "online", blocked_by: [] });
	expect((await status()).fleet).toMatchObject({ requests_active: 0, requests_waiting: 0 });
	await hasBeaten("stays");
	await hasBeaten("drained");
	expect((await node("drained"))?.blocked_by).toEqual(["draining"]);
	expect(await herdNodes("list")).toMatch(/^drained +draining .*\nstays +online /);
	expect(await herdNodes("resume", "drained")).toBe("drained takes work again\n");
	expect((await node("drained"))?.blocked_by).toEqual([]);
	expect(await herdNodes("drain", "drained")).toContain("takes nothing new");
	// The stream ended with its router, so that the machine is free
	await until("the old stream has stopped", () => machine.simulated.snapshot().running.length === 0);
	const next = await ask(MODEL);
	await until("the next is served", () => (next.answer?.body.byteLength ?? 0) > 0);
	expect(next.answer?.headers.get("x-fleet-node")).toBe("stays");
});

it("keeps what it has learned when it is stopped in order", async ({ expect }) => {
	await addMachine("teaches");
	const body = JSON.stringify({ model: MODEL, messages: [{ role: "user", content: "Hello" }], stream: true, options: { num_predict: 5 } });
	await (await fetch(`${url}/api/chat`, { method: "POST", body })).text();
	const samples = async () => {
		const answer = await fetch(`${url}/fleet/explain?model=${MODEL}`);
		return ExplanationSchema.parse(await answer.json()).candidates[0]?.samples.decode;
	};
	const before = await until("it has learned", samples);
	await restart("SIGTERM");
	expect([before, await samples()]).toEqual([1, 1]);
});

it("counts what a machine still does for the router before it, until that is over", async ({ expect }) => {
	const { simulated } = await addMachine("loads");
	// Longer than the restart, and than a beat after it
	simulated.faults.loadSlowdown = 30;
	await ask(COLD);
	await until("the node loads", () => simulated.snapshot().loading !== undefined);
	await restart("SIGKILL");
	await until("the new router knows of the load", async () => (await node("loads"))?.ollama.external_jobs === 1);
	expect((await status()).fleet.requests_active).toBe(0);
	await until("the model is in memory", () => simulated.snapshot().resident.some(({ name }) => name.startsWith(COLD)));
	await until("nothing is left", async () => (await node("loads"))?.ollama.external_jobs === 0);
	await takesWork(url, "loads");
});
