import { describe, it } from "vitest";
import { Savings } from "../../../worker/fleet/savings.ts";
import type { FleetState, NodeRecord } from "../../../worker/fleet/state.ts";
import { fleetOf, node } from "../build-node.ts";

/** Notes what would be written. */
function notebook() {
	const names: string[] = [];
	return { names, storing: { node: ({ nodeId }: NodeRecord) => void names.push(nodeId), learned: async () => void names.push("learned") } };
}

function memberOf(state: FleetState) {
	const member = state.nodes.get("a");
	if (!member) throw new Error("no node");
	return member;
}

describe("while the database refuses rows", () => {
	it("nothing is written, for a write that fails would end the object; afterwards everything is", async ({ expect }) => {
		const { names, storing } = notebook();
		let isRefused = true;
		const savings = new Savings(storing, () => isRefused);
		const state = fleetOf(node({ id: "a" }));
		savings.node(memberOf(state));
		await savings.learned(state);
		expect(names).toEqual([]);
		isRefused = false;
		await savings.learned(state);
		expect(names).toEqual(["a", "learned"]);
	});

	it("a machine that was removed meanwhile is not saved after all", async ({ expect }) => {
		const { names, storing } = notebook();
		let isRefused = true;
		const savings = new Savings(storing, () => isRefused);
		const state = fleetOf(node({ id: "a" }));
		savings.node(memberOf(state));
		state.nodes.delete("a");
		isRefused = false;
		await savings.learned(state);
		expect(names).toEqual(["learned"]);
	});
});
