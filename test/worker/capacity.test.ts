/** Pauses in real workerd: whose word they are, what they outlive, and what the router tells of a machine's owner. */
import { abortAllDurableObjects, createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, it } from "vitest";
import { app } from "../../worker/app.ts";
import { fleetOf } from "../../worker/env.ts";
import type { CapacityReport } from "../../worker/protocol/capacity.ts";
import { beat, GB, request } from "./build.ts";

const MODEL = "llama3.1:8b";
const ADMIN = "admin-key-of-the-tests";

async function ask(line: string, body?: unknown, key = ADMIN) {
	const [method = "GET", path = "/"] = line.split(" ");
	const headers = { host: "localhost", "content-type": "application/json", authorization: `Bearer ${key}` };
	const asked = new Request(`http://localhost${path}`, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
	const response = await app.fetch(asked, { ...env, FLEET_AUTH: "open" }, createExecutionContext());
	return { status: response.status, json: await response.json<Record<string, unknown>>() };
}

/** Its door is nowhere: these tests look at what is said of it. */
async function join(id: string, capacity?: CapacityReport): Promise<void> {
	const told = beat({ id, resident: { [MODEL]: 6 * GB }, doorUrl: "http://127.0.0.1:9", ...(capacity && { capacity }) });
	await fleetOf(env).heartbeat(told, { secret: undefined, token: "join-token-of-the-tests" });
}

/** What was saved behind the answers is on the disk by then. */
async function crash(): Promise<void> {
	await fleetOf(env).saveLearned();
	await abortAllDurableObjects();
}

const reasons = async (id: string) => {
	const grant = await fleetOf(env).acquire(request({ id: crypto.randomUUID() }));
	return "reasons" in grant ? grant.reasons[id] : [];
};

afterEach(async () => {
	for (const { node_id: id } of (await fleetOf(env).status()).nodes) await fleetOf(env).members().forget(id);
});

describe("a pause at the router", () => {
	it("is the admin's word, keeps work away by name, outlives a crash, and ends with resume", async ({ expect }) => {
		await join("box");
		expect((await ask("POST /fleet/nodes/box/pause", {}, "wrong")).status).toBe(401);
		const paused = await ask("POST /fleet/nodes/box/pause", { for_s: 7200 });
		expect(paused).toMatchObject({ status: 200, json: { ok: true, requests_active: 0, paused_until: expect.any(Number) } });
		expect(paused.json["blocked_by"]).toContain("paused");
		await crash();
		expect(await reasons("box")).toContain("paused");
		const { nodes } = await fleetOf(env).status();
		expect(nodes[0]?.capacity).toMatchObject({ mode: "paused", reason: "paused_at_router", until: paused.json["paused_until"] });
		expect((await ask("POST /fleet/nodes/box/resume", {})).json["blocked_by"]).not.toContain("paused");
		await crash();
		expect(await reasons("box")).not.toContain("paused");
	});

	it("lasts until resume where no time is said, takes back draining too, and needs a machine that is there", async ({ expect }) => {
		await join("box");
		expect((await ask("POST /fleet/nodes/box/pause")).json).not.toHaveProperty("paused_until");
		await ask("POST /fleet/nodes/box/drain");
		expect(await reasons("box")).toEqual(expect.arrayContaining(["draining", "paused"]));
		expect((await ask("POST /fleet/nodes/box/resume")).json["blocked_by"]).toEqual(["door-unreachable"]);
		for (const what of ["pause", "resume"]) expect(await ask(`POST /fleet/nodes/nobody/${what}`)).toMatchObject({ status: 404 });
	});

	it.for([
		[{ for_s: "2h" }, "for_s must be a number of seconds"],
		[{ for_s: 0 }, "for_s must be more than 0 seconds"],
		[{ for_s: 1e9 }, "for_s must be at most 31622400 seconds"],
		[{ until: 5 }, 'the body must be a JSON object such as {"for_s": 7200}'],
	])("says what is wrong with %j", async ([body, error], { expect }) => {
		await join("box");
		expect(await ask("POST /fleet/nodes/box/pause", body)).toEqual({ status: 400, json: { error } });
	});
});

describe("what an agent says of its owner", () => {
	it("is shown, and the week with it", async ({ expect }) => {
		const week = Array.from({ length: 168 }, (_, hour) => (hour < 24 ? 60 : null));
		const facts = { reason: "on_battery", availability_score: 0, learning_confidence: 0.4, days_observed: 9, override_active: false };
		await join("laptop", { mode: "paused", ...facts, week });
		expect(await reasons("laptop")).toContain("capacity-paused");
		expect(await ask("GET /fleet/nodes/laptop/capacity")).toMatchObject({
			status: 200,
			json: { node_id: "laptop", week, capacity: { mode: "paused", reason: "on_battery", days_observed: 9, is_learning: true } },
		});
		expect((await ask("GET /fleet/nodes/nobody/capacity")).status).toBe(404);
	});
});
