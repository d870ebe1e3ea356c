/** The Fleet object in real workerd: what it keeps over a restart, how it wakes waiters, how traces reach the database. */
import { abortAllDurableObjects } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, it } from "vitest";
import { fleetOf } from "../../worker/env.ts";
import type { Grant } from "../../worker/fleet/grant.ts";
import type { Trace } from "../../worker/protocol/trace.ts";
import { recentTraces } from "../../worker/traces/queries.ts";
import { beat, GB, request, trace } from "./build.ts";

const MODEL = "llama3.1:8b";
const TOKEN = "join-token-of-the-tests";

/** Joins without a reachable door: these tests never send anything to a node, so its door is opened by hand. */
async function join(id: string) {
	const answer = await fleetOf(env).heartbeat(beat({ id, resident: { [MODEL]: 6 * GB }, doorUrl: "http://127.0.0.1:9" }), {
		secret: undefined,
		token: TOKEN,
	});
	return answer.body;
}

afterEach(async () => {
	for (const { node_id: id } of (await fleetOf(env).status()).nodes) await fleetOf(env).members().forget(id);
});

describe("the Fleet object", () => {
	it("knows after a restart the nodes it knew before, with their models and secrets", async ({ expect }) => {
		const joined = await join("keeps");
		await abortAllDurableObjects();
		const { nodes } = await fleetOf(env).status();
		expect(nodes).toMatchObject([{ node_id: "keeps", status: "online", ollama: { models_available: [MODEL] } }]);
		const secret = "secret" in joined ? joined.secret : undefined;
		const again = await fleetOf(env).heartbeat(beat({ id: "keeps", doorUrl: "http://127.0.0.1:9" }), { secret, token: undefined });
		expect(again).toMatchObject({ status: 200, body: { status: "ok" } });
	});

	it("does not route to a door it has not reached", async ({ expect }) => {
		await join("unreached");
		expect(await fleetOf(env).acquire(request({ id: "r0" }))).toMatchObject({
			kind: "no-node",
			reasons: { unreached: ["door-unreachable"] },
		});
	});

	it("writes each trace once, however often it is told, and reads it back as it was", async ({ expect }) => {
		const told: Trace = trace({
			request_id: "once",
			scores_breakdown: { thermal: 50, total: 50 },
			tags: ["a", "b"],
			attempts: [{ node_id: "x", duration_ms: 4 }],
		});
		await fleetOf(env).finish("once", told);
		await fleetOf(env).finish("once", told);
		await fleetOf(env).flush();
		expect(await recentTraces(env.DB, 10)).toEqual([told]);
	});

	it("writes hundreds of traces in batches, none lost", async ({ expect }) => {
		const fleet = fleetOf(env);
		await Promise.all(Array.from({ length: 1200 }, (_, index) => fleet.finish(`bulk-${index}`, trace({ request_id: `bulk-${index}` }))));
		await fleet.flush();
		const row = await env.DB.prepare("select count(*) as n from request_traces where request_id like 'bulk-%'").first<{ n: number }>();
		expect(row?.n).toBe(1200);
	});

	it("forgets a waiting request whose client left", async ({ expect }) => {
		const fleet = fleetOf(env);
		const grant: Grant = await fleet.acquire(request({ id: "gone", model: "nobody:1b" }));
		expect(grant).toMatchObject({ kind: "unknown-model" });
		await fleet.cancel("gone");
		expect((await fleet.status()).fleet.requests_waiting).toBe(0);
	});
});
