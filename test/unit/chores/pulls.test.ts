import { describe, it } from "vitest";
import { Pulls } from "../../../worker/fleet/pulls.ts";
import { fleetOf, node } from "../build-node.ts";

const ask = (id: string, facts: { nodeId?: string; excluded?: string[] } = {}) => ({
	id,
	model: "new:7b",
	nodeId: "",
	excluded: [],
	...facts,
});

describe("pulls that run", () => {
	it("brings a second pull of a model to the node that pulls it already, whatever its spelling", ({ expect }) => {
		const fleet = fleetOf(node({ id: "big", totalGb: 128 }), node({ id: "small", totalGb: 32 }));
		const pulls = new Pulls();
		expect(pulls.place(fleet, ask("1", { nodeId: "small" }), 0)).toMatchObject({ target: { nodeId: "small" }, why: "asked" });
		expect(pulls.place(fleet, { ...ask("2"), model: "library/NEW:7b" }, 1)).toMatchObject({ target: { nodeId: "small" }, why: "joined" });
	});

	it("chooses anew once the pull has ended, or its node no longer lists it", ({ expect }) => {
		const fleet = fleetOf(node({ id: "big", totalGb: 128 }), node({ id: "small", totalGb: 32, inFlightIds: ["seen"] }));
		const pulls = new Pulls();
		pulls.place(fleet, ask("1", { nodeId: "small" }), 0);
		pulls.end(fleet, "1");
		expect(pulls.place(fleet, ask("2"), 1)).toMatchObject({ target: { nodeId: "big" } });
		pulls.end(fleet, "2");
		pulls.place(fleet, ask("lost", { nodeId: "small" }), 2);
		expect(pulls.place(fleet, ask("3"), 20_000)).toMatchObject({ target: { nodeId: "big" } });
		pulls.end(fleet, "3");
		pulls.place(fleet, ask("seen", { nodeId: "small" }), 20_001);
		expect(pulls.place(fleet, ask("4"), 90_000)).toMatchObject({ target: { nodeId: "small" }, why: "joined" });
	});

	it("tells a node that is not there from one that can't take it", ({ expect }) => {
		const fleet = fleetOf({ ...node({ id: "asleep" }), status: "offline" }, node({ id: "stopped", state: "stopped" }));
		const pulls = new Pulls();
		expect(pulls.place(fleet, ask("1", { nodeId: "nobody" }), 0)).toEqual({ kind: "absent" });
		expect(pulls.place(fleet, ask("2", { nodeId: "asleep" }), 0)).toEqual({ kind: "absent" });
		expect(pulls.place(fleet, ask("3", { nodeId: "stopped" }), 0)).toEqual({ kind: "no-node", reasons: { stopped: ["ollama-down"] } });
	});
});
