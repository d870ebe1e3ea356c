import { describe, it } from "vitest";
import { stalledRequests } from "../../../worker/fleet/stalled.ts";
import { beat, fleetOf, GB, node } from "../build-node.ts";
import { ask } from "./build-fleet.ts";

const MODEL = "llama3.1:8b";

describe("requests without progress", () => {
	const state = fleetOf(node({ id: "a", resident: { [MODEL]: 6 * GB }, numParallel: 3 }));
	for (const id of ["long", "short"]) ask(state, { id });
	const quiet = [
		{ request_id: "long", quiet_ms: 600_000 },
		{ request_id: "short", quiet_ms: 599_999 },
		{ request_id: "unknown", quiet_ms: 900_000 },
	];

	it("are those that their own node's agent has seen quiet for long enough", ({ expect }) => {
		expect(stalledRequests(state, { ...beat({ id: "a" }), quiet }, 600_000)).toEqual([{ requestId: "long", quietMs: 600_000 }]);
		expect(stalledRequests(state, { ...beat({ id: "b" }), quiet }, 600_000)).toEqual([]);
	});
});
