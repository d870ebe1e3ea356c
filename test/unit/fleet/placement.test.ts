import { describe, it } from "vitest";
import { placementFor } from "../../../worker/fleet/placement.ts";
import { fleetOf, GB, node, request } from "../build-node.ts";

const POLICY = { aliases: {}, contextProtection: "strip" as const };
const chat = { capabilities: ["completion", "tools"] };

describe("placement", () => {
	it("takes a name for what the fleet's owner says it means", ({ expect }) => {
		const state = fleetOf(node({ id: "a", resident: { "llama3.3:70b": 40 * GB }, ...chat }));
		const placed = placementFor(state, request({ model: "big" }), { ...POLICY, aliases: { big: "llama3.3:70b" } }, 0);
		expect(placed).toMatchObject({ kind: "assigned", model: "llama3.3:70b", because: "alias" });
	});

	it("finds a stand-in for a name that coding agents have built in", ({ expect }) => {
		const state = fleetOf(node({ id: "a", resident: { "qwen3-coder:30b": 19 * GB }, ...chat }));
		expect(placementFor(state, request({ model: "claude-sonnet-4-6" }), POLICY, 0)).toMatchObject({
			kind: "assigned",
			model: "qwen3-coder:30b",
		});
	});

	it("leaves a name that the fleet has alone", ({ expect }) => {
		const state = fleetOf(node({ id: "a", resident: { "llama3.1:8b": 5 * GB } }));
		expect(placementFor(state, request(), POLICY, 0)).toMatchObject({ kind: "assigned", model: "llama3.1:8b", because: "" });
	});

	it("says when a fallback of the client's was taken", ({ expect }) => {
		const state = fleetOf(node({ id: "a", resident: { "small:8b": 5 * GB } }));
		const placed = placementFor(state, request({ model: "big:70b", fallbacks: ["small:8b"] }), POLICY, 0);
		expect(placed).toMatchObject({ model: "small:8b", because: "fallback_models" });
	});

	describe("for a context that the resident model does not have", () => {
		const small = node({ id: "a", resident: { "llama3.1:8b": 6 * GB }, contextLength: 4096, ...chat });
		const large = node({ id: "b", resident: { "llama3.3:70b": 45 * GB }, contextLength: 32_768, totalGb: 192, ...chat });
		const asked = request({ numCtx: 16_384, excluded: [] });

		it("moves to a larger model that is loaded with it, on the node that holds it", ({ expect }) => {
			expect(placementFor(fleetOf(small, large), asked, POLICY, 0)).toMatchObject({
				nodeId: "b",
				model: "llama3.3:70b",
				because: "larger context",
			});
		});

		it.for([
			["the policy is not strip", asked, { ...POLICY, contextProtection: "warn" as const }],
			["the request is tied to its model", { ...asked, tiedToModel: true }, POLICY],
			["the context asked for is there already", { ...asked, numCtx: 4096 }, POLICY],
		] as const)("stays when %s", ([, given, policy], { expect }) => {
			expect(placementFor(fleetOf(small, large), given, policy, 0)).toMatchObject({ nodeId: "a", model: "llama3.1:8b", because: "" });
		});

		it("stays rather than wait for the larger model", ({ expect }) => {
			const busy = { ...large, inFlight: new Map([["llama3.3:70b", 1]]) };
			expect(placementFor(fleetOf(small, busy), asked, POLICY, 0)).toMatchObject({ nodeId: "a", model: "llama3.1:8b" });
		});
	});
});
