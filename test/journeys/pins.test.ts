/** Models that are to stay in memory: pinned, brought back, refused where they can't fit, let go, and what a restart brings back. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, it } from "vitest";
import { LimitsSchema, PinListSchema, PinnedSchema } from "../../worker/protocol/pins.ts";
import { Household } from "./household.ts";
import { addMachine, type Machine } from "./machine.ts";
import { until } from "./until.ts";

const LLAMA = "llama3.1:8b";
const SMALL = "llama3.2:3b";
const OTHER = "qwen3:8b";
const LARGE = "gpt-oss:20b";
const EMBEDDER = "nomic-embed-text:latest";
/** 292 years from now: what Ollama calls forever. */
const FOREVER = /^(?:2318|2319)-/;

let household: Household;
let studio: Machine;
let mini: Machine;

async function send(line: string, body?: unknown, { url } = household) {
	const [method = "GET", path = "/"] = line.split(" ");
	const headers = { "content-type": "application/json" };
	const response = await fetch(url + path, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
	return { status: response.status, json: (await response.json()) as { error?: string } };
}

async function pinned(body: unknown, from = household) {
	const { status, json } = await send("POST /fleet/pin", body, from);
	return { status, ...PinnedSchema.parse(json) };
}

const pins = async (of = household) => PinListSchema.parse((await send("GET /dashboard/api/pinned-models", undefined, of)).json);

/** Asked of the simulated Ollama itself: when a model leaves its memory; undefined when it is not there. */
async function expiry({ simulated }: Machine, model: string): Promise<string | undefined> {
	const { models } = (await (await fetch(`${simulated.url}/api/ps`)).json()) as { models: { name: string; expires_at: string }[] };
	return models.find(({ name }) => name === model)?.expires_at;
}

const stays = (machine: Machine, model: string) =>
	until(`${model} stays on ${machine.nodeId}`, async () => FOREVER.test((await expiry(machine, model)) ?? ""));

function tell({ simulated }: Machine, body: unknown): Promise<Response> {
	return fetch(`${simulated.url}/api/generate`, { method: "POST", body: JSON.stringify(body) });
}

describe("a pin", () => {
	beforeAll(async () => {
		household = await Household.start();
		studio = await addMachine(household, { nodeId: "studio", models: [LLAMA, SMALL, OTHER, "nomic-embed-text"] });
		mini = await addMachine(household, { nodeId: "mini", profile: "mac-mini", models: [LLAMA, SMALL, OTHER, LARGE] });
		await household.ready("studio", "mini");
	});
	afterAll(() => household?.stop());

	it("goes where most room is, loads the model to stay, and is listed", async ({ expect }) => {
		const { ready_after_ms: afterMs, ...answer } = await pinned({ model: LLAMA, wait: true });
		expect(answer).toEqual({ status: 200, ready: true, pinned_node: "studio", per_node: { studio: [LLAMA] } });
		expect(afterMs).toBeGreaterThanOrEqual(0);
		expect(await expiry(studio, LLAMA)).toMatch(FOREVER);
		const { env_pins, per_node, max_count, pins: all } = await pins();
		expect({ env_pins, per_node, max_count }).toEqual({ env_pins: [], per_node: { studio: [LLAMA] }, max_count: 3 });
		expect(all).toEqual([{ node_id: "studio", model: LLAMA, by: "request", resident: true }]);
	});

	it("is brought back when the model is unloaded behind the router's back", async () => {
		await tell(studio, { model: LLAMA, keep_alive: 0 });
		await until("it has left", async () => (await expiry(studio, LLAMA)) === undefined);
		await stays(studio, LLAMA);
	});

	it("outweighs a client's keep_alive, without loading the model anew", async ({ expect }) => {
		await send("POST /api/generate", { model: LLAMA, prompt: "Hello", stream: false, keep_alive: "1m" });
		expect(await expiry(studio, LLAMA)).not.toMatch(FOREVER);
		const before = studio.simulated.snapshot().resident;
		await stays(studio, LLAMA);
		expect(studio.simulated.snapshot().resident.map(({ context }) => context)).toEqual(before.map(({ context }) => context));
	});

	it("loads an embedding model without making anything of it", async ({ expect }) => {
		expect(await pinned({ model: "nomic-embed-text", wait: true })).toMatchObject({ ready: true, pinned_node: "studio" });
		expect(await expiry(studio, EMBEDDER)).toMatch(FOREVER);
	});

	it("that can't fit is refused with the arithmetic", async ({ expect }) => {
		await pinned({ model: SMALL, node_id: "mini", wait: true });
		const refused = await send("POST /fleet/pin", { model: LARGE });
		expect(refused.status).toBe(409);
		expect(refused.json.error).toMatch(
			/^node "mini" can't pin model 'gpt-oss:20b': it needs \d+\.\d GB, \d\.\d GB are pinned there \(llama3\.2:3b \d\.\d\), and pins may take 9\.6 GB \(80 % of the 12\.0 GB that models can use\)\. /,
		);
		expect((await pins()).per_node).toEqual({ mini: [SMALL], studio: [LLAMA, EMBEDDER] });
		expect(await send("POST /dashboard/api/pinned-models", { node_id: "mini", model: LARGE, pinned: true })).toMatchObject({
			status: 409,
			json: { ok: false, error: refused.json.error },
		});
	});

	it.for([
		[{ model: LLAMA, node_id: "nobody" }, 400, 'no node named "nobody" is in the fleet: there are mini, studio'],
		[{ model: "" }, 400, 'model must be a model\'s name such as "llama3.1:8b"'],
		[{ model: "llama3.1:70b" }, 404, `model 'llama3.1:70b' is not installed on any node: installed and near: ${LLAMA}, ${SMALL}`],
		[
			{ model: LARGE, node_id: "studio" },
			404,
			`model '${LARGE}' is not on the disk of node "studio", but on mini: pin it there, or pull it first`,
		],
		[{ model: LLAMA, wait: true, timeout_s: 1e6 }, 400, "timeout_s must be at most 600"],
	] as const)("is refused for %o with %i", async ([body, status, error], { expect }) => {
		expect(await send("POST /fleet/pin", body)).toEqual({ status, json: { error } });
	});

	it("shows in the fleet's limits", async ({ expect }) => {
		const { nodes, ...fleet } = LimitsSchema.parse((await send("GET /fleet/limits")).json);
		expect(fleet).toMatchObject({ max_retries: 2, hot_model_cap: 3, queue_max: 1000 });
		expect(nodes.map(({ node_id: id, status, models_loaded: loaded, free_slots: free }) => [id, status, loaded, free])).toEqual([
			["mini", "online", 1, 2],
			["studio", "online", 2, 1],
		]);
		expect(nodes[1]).toMatchObject({ pinned: [LLAMA, EMBEDDER], hot_model_cap: 3, places: 1 });
	});

	it("is never pushed out while another machine can serve, be it a slower one", async ({ expect }) => {
		// As many as its Ollama holds: one more model would push one out
		await pinned({ model: SMALL, node_id: "studio", wait: true });
		const full = await send("POST /fleet/pin", { model: OTHER, node_id: "studio" });
		expect(full).toMatchObject({ status: 409, json: { error: expect.stringContaining("holds at most 3 models") } });
		const chat = () =>
			fetch(`${household.url}/api/generate`, { method: "POST", body: JSON.stringify({ model: OTHER, prompt: "Hello", stream: false }) });
		const response = await chat();
		expect({ status: response.status, node: response.headers.get("x-fleet-node") }).toEqual({ status: 200, node: "mini" });
		expect((await pins()).pins.filter(({ resident }) => !resident)).toEqual([]);
	});

	it("ends with the model left in memory, to go when it is idle", async ({ expect }) => {
		expect(await send(`DELETE /fleet/pin/${LLAMA}`)).toEqual({ status: 200, json: { unpinned_from: ["studio"] } });
		await until("it may go", async () => /^20[2-9]/.test((await expiry(studio, LLAMA)) ?? ""));
		const unpinned = { node_id: "mini", model: SMALL, pinned: false };
		expect(await send("POST /dashboard/api/pinned-models", unpinned)).toMatchObject({ status: 200, json: { ok: true } });
		await until("it may go", async () => /^20[2-9]/.test((await expiry(mini, SMALL)) ?? ""));
		expect(await send("DELETE /fleet/pin/hf.co%2Fsomeone%2Fnothing:Q4")).toEqual({ status: 200, json: { unpinned_from: [] } });
	});

	it("dies with its machine", async ({ expect }) => {
		await pinned({ model: SMALL, node_id: "mini", wait: true });
		await mini.stop();
		expect((await pins()).per_node).toHaveProperty("mini");
		const admin = { authorization: `Bearer ${household.adminKey}` };
		await fetch(`${household.url}/fleet/nodes/mini`, { method: "DELETE", headers: admin });
		expect((await pins()).per_node).not.toHaveProperty("mini");
	});
});

describe("after a restart of the router", () => {
	let folder: string;

	beforeAll(async () => {
		folder = await mkdtemp(join(tmpdir(), "herd-pins-"));
	});
	afterAll(() => rm(folder, { recursive: true, force: true }));

	it("pins are loaded again, those of the environment too, then what was used most", async ({ expect }) => {
		const models = [LLAMA, SMALL, LARGE, OTHER];
		const before = await Household.start({ dataDir: folder });
		await addMachine(before, { nodeId: "studio", models });
		await before.ready("studio");
		await pinned({ model: LLAMA, wait: true }, before);
		await send("POST /api/generate", { model: OTHER, prompt: "Hello", stream: false }, before);
		await before.stop();

		const again = await Household.start({ dataDir: folder, variables: { FLEET_PINNED_MODELS: `${SMALL},nobody:1b` } });
		// Its Ollama was started anew as well
		const machine = await addMachine(again, { nodeId: "studio", models });
		for (const model of [LLAMA, SMALL, OTHER]) await stays(machine, model);
		expect(await expiry(machine, LARGE)).toBeUndefined();
		expect(await pins(again)).toMatchObject({ env_pins: [SMALL, "nobody:1b"], per_node: { studio: [LLAMA] }, unplaced: ["nobody:1b"] });
		expect((await send(`DELETE /fleet/pin/${SMALL}`, undefined, again)).status).toBe(409);
		await again.stop();
	});
});
