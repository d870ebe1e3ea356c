import { describe, it } from "vitest";
import { queueReport } from "../../../worker/fleet/queue-report.ts";
import { QueueReportSchema } from "../../../worker/protocol/queue.ts";
import { fleetOf, GB, node } from "../build-node.ts";
import { ask, LIMITS } from "./build-fleet.ts";

const MODEL = "llama3.1:8b";

describe("the queue's report", () => {
	const state = fleetOf(node({ id: "a", resident: { [MODEL]: 6 * GB } }));
	for (const [at, id] of ["1", "2", "3"].entries()) ask(state, { id, tags: ["chat"] }, {}, at);
	ask(state, { id: "4", requestClass: "batch" }, {}, 0);
	const report = QueueReportSchema.parse(queueReport(state, LIMITS, 1000));

	it("tells each waiting request its position, its wait so far and to come, and where", ({ expect }) => {
		expect(report.waiting.map(({ request_id: id, position }) => [id, position])).toEqual([
			["2", 1],
			["3", 2],
			["4", 3],
		]);
		expect(report.waiting[0]).toMatchObject({ class: "interactive", app: "chat", waited_ms: 999, expected_node: "a" });
	});

	it("expects those further back to wait longer", ({ expect }) => {
		const waits = report.waiting.map(({ expected_wait_ms: ms }) => ms ?? 0);
		expect(waits[0]).toBeGreaterThan(0);
		expect(waits.toSorted((a, b) => a - b)).toEqual(waits);
		expect(report.estimated_wait_ms).toBe(waits.at(-1));
	});

	it("counts as the origin does", ({ expect }) => {
		expect(report).toMatchObject({ queue_depth: 4, pending: 3, in_flight: 1, nodes_online: 1 });
	});
});
