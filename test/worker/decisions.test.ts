/** Decisions in the real database: written in batches, read one by one, dropped when they are old. */
import { env } from "cloudflare:workers";
import { describe, it } from "vitest";
import { fleetOf } from "../../worker/env.ts";
import { dropOldDecisions, insertDecisions, keptDecision } from "../../worker/traces/decisions.ts";

const DAY_S = 24 * 3600;
const decision = (nodeId: string) =>
	JSON.stringify({
		node_id: nodeId,
		model: 'a "quoted" name:7b',
		reason: "hot-idle",
		because: "",
		decided_at: 1,
		prompt_tokens: 1,
		expected_tokens: 1,
		candidates_total: 0,
		candidates: [],
		against: {},
	});

const kept = (requestId: string, timestamp: number) => keptDecision(env.DB, { requestId, timestamp });

describe("decisions", () => {
	it("are read back as they were, however often they were written, and go after a week", async ({ expect }) => {
		await fleetOf(env).flush();
		const old = { requestId: "old", timestamp: 92 * DAY_S, decision: decision("a") };
		const young = [1, 2, 3].map((at) => ({ requestId: `new-${at}`, timestamp: 99 * DAY_S + at, decision: decision(`node-${at}`) }));
		await insertDecisions(env.DB, [old]);
		await insertDecisions(env.DB, young);
		await insertDecisions(env.DB, young);
		expect(await kept("new-2", 99 * DAY_S + 2)).toMatchObject({ node_id: "node-2", model: 'a "quoted" name:7b' });
		expect([await kept("new-4", 99 * DAY_S + 2), (await kept("old", 92 * DAY_S))?.node_id]).toEqual([undefined, "a"]);
		await dropOldDecisions(env.DB, 100 * DAY_S * 1000);
		expect([await kept("old", 92 * DAY_S), (await kept("new-1", 99 * DAY_S + 1))?.node_id]).toEqual([undefined, "node-1"]);
	});
});
