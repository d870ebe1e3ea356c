import { describe, it } from "vitest";
import { releaseLease } from "../../../worker/fleet/leases.ts";
import type { FleetState } from "../../../worker/fleet/state.ts";
import { noteEnd, noteFailure } from "../../../worker/fleet/verdicts.ts";
import { trace } from "../../worker/build.ts";
import { fleetOf, GB, node } from "../build-node.ts";
import { ask } from "./build-fleet.ts";

const MODEL = "llama3.1:8b";
const machines = () => fleetOf(...["a", "b"].map((id) => node({ id, resident: { [MODEL]: 6 * GB } })));

/** Sends a request somewhere and fails it there. */
function fail(state: FleetState, failure: string, now: number): string {
	const where = ask(state, {}, {}, now);
	const lease = releaseLease(state, "request-1", now);
	if (lease) noteFailure(state, lease, { failure }, now);
	return where;
}

describe("a machine that fails again and again", () => {
	it("is left alone while another can serve, and tried again after a while", ({ expect }) => {
		const state = machines();
		expect([0, 1, 2, 3].map((now) => fail(state, "server-error", now))).toEqual(["a", "a", "a", "b"]);
		const kept = ask(state, { id: "kept" }, {}, 11_000);
		expect(kept).toBe("a");
		expect(ask(state, { id: "other" }, {}, 11_000)).toBe("b");
	});

	it("is used all the same when it is the only one", ({ expect }) => {
		const state = fleetOf(node({ id: "a", resident: { [MODEL]: 6 * GB } }));
		expect([0, 1, 2, 3, 4].map((now) => fail(state, "server-error", now))).toEqual(["a", "a", "a", "a", "a"]);
	});

	it("is trusted again after one answer", ({ expect }) => {
		const state = machines();
		for (const now of [0, 1, 2]) fail(state, "timeout", now);
		expect(ask(state, {}, {}, 11_000)).toBe("a");
		const lease = releaseLease(state, "request-1", 12_000);
		if (lease) noteEnd(state, lease, { trace: trace({ status: "completed" }), measured: {}, now: 12_000 });
		expect(state.nodes.get("a")?.breakers.size).toBe(0);
	});

	it("is blamed for breaking off in the middle of an answer, not for what Ollama refuses or a client ends", ({ expect }) => {
		const state = machines();
		const end = (facts: object, measured = {}) => {
			ask(state);
			const lease = releaseLease(state, "request-1", 1);
			if (lease) noteEnd(state, lease, { trace: trace(facts), measured, now: 1 });
		};
		end({ status: "failed" });
		end({ status: "client_disconnected" });
		expect(state.nodes.get("a")?.breakers.size).toBe(0);
		end({ status: "failed" }, { failure: "broke-off" });
		expect(state.nodes.get("a")?.breakers.get(MODEL)).toMatchObject({ failures: 1, reason: "broke-off" });
	});
});
