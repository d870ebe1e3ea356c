/** Decisions in the real database: written in batches, read one by one, dropped when they are old. */
import { env } from "cloudflare:workers";
import { describe, it } from "vitest";
import { fleetOf } from "../../worker/env.ts";
import { decisionRow, dropOldDecisions, insertDecisions, keptDecision } from "../../worker/traces/decisions.ts";

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

describe("decisions", () => {
	it("are read back as they were, however often they were written, and go after a week", async ({ expect }) => {
		await fleetOf(env).flush();
		const now = 100 * DAY_S * 1000;
		const rows = [decisionRow("old", 92 * DAY_S, decision("a")), decisionRow("new", 99 * DAY_S, decision("b"))];
		await insertDecisions(env.DB, rows);
		await insertDecisions(env.DB, rows);
		expect(await keptDecision(env.DB, "new")).toMatchObject({ node_id: "b", model: 'a "quoted" name:7b' });
		await dropOldDecisions(env.DB, now);
		expect([await keptDecision(env.DB, "old"), (await keptDecision(env.DB, "new"))?.node_id]).toEqual([undefined, "b"]);
		const { results } = await env.DB.prepare("select count(*) as n from decisions").all();
		expect(results).toEqual([{ n: 1 }]);
	});
});
