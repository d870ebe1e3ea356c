/** Pins in real workerd, with nobody who could load anything: what they outlive, how they are asked for, what is read of the traces. */
import { abortAllDurableObjects, createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, it } from "vitest";
import { app } from "../../worker/app.ts";
import { fleetOf } from "../../worker/env.ts";
import { insertTraces } from "../../worker/traces/store.ts";
import { modelUsage } from "../../worker/traces/usage.ts";
import { beat, GB, trace } from "./build.ts";

const MODEL = "hf.co/someone/nice:Q4";
const DAY_S = 24 * 3600;

async function ask(line: string, body?: unknown) {
	const [method = "GET", path = "/"] = line.split(" ");
	const headers = { host: "localhost", "content-type": "application/json" };
	const request = new Request(`http://localhost${path}`, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
	const response = await app.fetch(request, { ...env, FLEET_AUTH: "open" }, createExecutionContext());
	return { status: response.status, json: await response.json<Record<string, unknown>>() };
}

/** Its door is nowhere, so nothing is ever loaded there. */
async function join(id: string): Promise<void> {
	const doorUrl = "http://127.0.0.1:9";
	await fleetOf(env).heartbeat(beat({ id, installed: { [MODEL]: 6 * GB }, doorUrl }), {
		secret: undefined,
		token: "join-token-of-the-tests",
	});
}

afterEach(async () => {
	for (const { node_id: id } of (await fleetOf(env).status()).nodes) await fleetOf(env).members().forget(id);
});

describe("a pin on a machine that is away", () => {
	it("is taken by the page's route only, and outlives a crash of the router", async ({ expect }) => {
		await join("away");
		expect(await ask("POST /fleet/pin", { model: MODEL })).toEqual({
			status: 503,
			json: { error: `no node that has model '${MODEL}' can load it now: away the router can't reach its door` },
		});
		const set = { node_id: "away", model: MODEL, pinned: true };
		expect(await ask("POST /dashboard/api/pinned-models", set)).toEqual({ status: 200, json: { ok: true, per_node: { away: [MODEL] } } });
		await abortAllDurableObjects();
		expect((await ask("GET /dashboard/api/pinned-models")).json).toMatchObject({
			per_node: { away: [MODEL] },
			pins: [{ node_id: "away", model: MODEL, resident: false, problem: "the router can't reach its door" }],
		});
		expect(await ask(`DELETE /fleet/pin/${MODEL}`)).toEqual({ status: 200, json: { unpinned_from: ["away"] } });
	});

	it("is forgotten with it", async ({ expect }) => {
		await join("away");
		await ask("POST /dashboard/api/pinned-models", { node_id: "away", model: MODEL, pinned: true });
		await fleetOf(env).members().forget("away");
		await join("away");
		expect((await ask("GET /dashboard/api/pinned-models")).json).toMatchObject({ per_node: {} });
	});
});

describe("the page's route", () => {
	it.for([
		[{ node_id: " ", model: MODEL, pinned: true }, "node_id must be a node's name"],
		[{ node_id: "away", model: "", pinned: true }, 'model must be a model\'s name such as "llama3.1:8b"'],
		[{ node_id: "away", model: MODEL }, "pinned must be true or false"],
		[{ node_id: "nobody", model: MODEL, pinned: true }, 'no node named "nobody" is in the fleet: no machine has joined yet'],
		["nonsense", 'the body must be a JSON object such as {"model": "llama3.1:8b"}'],
	] as const)("refuses %o in the origin's form", async ([body, error], { expect }) => {
		expect(await ask("POST /dashboard/api/pinned-models", body)).toEqual({ status: 400, json: { ok: false, error } });
	});

	it("takes an unpinning of anything", async ({ expect }) => {
		expect(await ask("POST /dashboard/api/pinned-models", { node_id: "nobody", model: MODEL, pinned: false })).toEqual({
			status: 200,
			json: { ok: true, per_node: {} },
		});
	});
});

describe("what is read of the traces", () => {
	it("counts by model, of a day and a week before a moment, without what was refused", async ({ expect }) => {
		await fleetOf(env).flush();
		const now = 2_000_000_000;
		const at = (id: string, ago: number, facts = {}) => trace({ request_id: `usage-${id}`, model: "m:1b", timestamp: now - ago, ...facts });
		await insertTraces(env.DB, [
			at("today", 60),
			at("later", -60),
			at("this week", 3 * DAY_S),
			at("long ago", 8 * DAY_S),
			at("refused", 30, { status: "rejected", node_id: "" }),
			at("other", 120, { model: "n:1b" }),
		]);
		const usage = await modelUsage(env.DB, now * 1000);
		expect(usage.toSorted((a, b) => a.model.localeCompare(b.model))).toEqual([
			{ model: "m:1b", day: 1, week: 2, latest: now - 60 },
			{ model: "n:1b", day: 1, week: 1, latest: now - 120 },
		]);
	});
});
