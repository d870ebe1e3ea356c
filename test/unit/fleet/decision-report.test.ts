import { describe, it } from "vitest";
import { compactJson, decisionReport } from "../../../worker/fleet/decision-report.ts";
import { DecisionSchema } from "../../../worker/protocol/decision.ts";
import { compare } from "../../../worker/traces/compare.ts";
import { trace } from "../../worker/build.ts";
import { fleetOf, GB, node } from "../build-node.ts";
import { settle } from "./build-fleet.ts";

const MODEL = "llama3.1:8b";
const member = (index: number) => node({ id: `machine-with-a-long-name-${index}`, resident: { [MODEL]: 6 * GB } });

function decided(count: number) {
	const placed = settle(fleetOf(...Array.from({ length: count }, (_, index) => member(index))), { promptTokens: 1000 });
	if (placed?.kind !== "assigned") throw new Error("not placed");
	return decisionReport(placed.decision, { because: "", promptTokens: 1000, decidedAt: 5000 });
}

describe("a kept decision", () => {
	it("takes at most 4 KB, the chosen one in it", ({ expect }) => {
		const text = compactJson(decided(50));
		expect(text.length).toBeLessThanOrEqual(4096);
		const { candidates, node_id: nodeId, candidates_total: total } = DecisionSchema.parse(JSON.parse(text));
		expect([candidates[0]?.node_id, total]).toEqual([nodeId, 50]);
	});

	it("stands beside what came of it", ({ expect }) => {
		const report = decided(1);
		const times = { latency_ms: 3500, queue_ms: 500, time_to_first_token_ms: 1500, prefill_ms: 900, decode_ms: 2000, load_ms: 0 };
		const compared = compare(trace({ ...times, node_id: report.node_id, completion_tokens: 80 }), report);
		expect(compared).toMatchObject({
			first_token_s: { actual: 1 },
			completion_s: { actual: 3 },
			decode_s: { actual: 2 },
			output_tokens: { expected: 250, actual: 80 },
		});
	});

	it("is not compared with what another node did", ({ expect }) => {
		expect(compare(trace({ node_id: "elsewhere" }), decided(1))).toBeNull();
	});
});
