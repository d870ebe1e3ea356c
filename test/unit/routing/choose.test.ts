import { describe, it } from "vitest";
import { choose } from "../../../worker/routing/choose.ts";
import { GB, node, type NodeFacts, request } from "../build-node.ts";

const MODEL = "llama3.1:8b";
const hot = (facts: NodeFacts = {}) => node({ resident: { [MODEL]: 6 * GB }, ...facts });
const cold = (facts: NodeFacts = {}) => node({ installed: { [MODEL]: 5 * GB }, ...facts });

describe("choose", () => {
	it("prefers the node that already holds the model", ({ expect }) => {
		const choice = choose([cold({ id: "cold" }), hot({ id: "hot" })], request(), 0);
		expect(choice).toMatchObject({ kind: "assigned", nodeId: "hot", reason: "hot-idle", resident: true });
	});

	it("treats two spellings of one model as the same", ({ expect }) => {
		const nodes = [node({ id: "a", resident: { "llama3.2:latest": 2 * GB } })];
		expect(choose(nodes, request({ model: "Library/LLAMA3.2" }), 0)).toMatchObject({ kind: "assigned", model: "llama3.2:latest" });
	});

	it("tells a model that nobody has from one that no node can serve now", ({ expect }) => {
		const offline = { ...hot({ id: "away" }), status: "offline" as const };
		expect(choose([offline], request({ model: "nobody:1b" }), 0)).toMatchObject({ kind: "refused", installedAnywhere: false });
		expect(choose([offline], request(), 0)).toMatchObject({ kind: "refused", installedAnywhere: true, reasons: { away: ["offline"] } });
	});

	it("waits when every node that could serve is full", ({ expect }) => {
		const busy = { ...hot(), inFlight: new Map([[MODEL, 1]]) };
		expect(choose([busy], request(), 0)).toMatchObject({ kind: "wait" });
	});

	it("sends as many requests to a model as Ollama runs at once, and no more", ({ expect }) => {
		const twoSlots = (running: number) => ({ ...hot({ numParallel: 2 }), inFlight: new Map([[MODEL, running]]) });
		expect(choose([twoSlots(1)], request(), 0).kind).toBe("assigned");
		expect(choose([twoSlots(2)], request(), 0).kind).toBe("wait");
	});

	it("gives an embedding model one place whatever the setting", ({ expect }) => {
		const embedder = {
			...node({ resident: { [MODEL]: GB }, capabilities: ["embedding"], numParallel: 4 }),
			inFlight: new Map([[MODEL, 1]]),
		};
		expect(choose([embedder], request(), 0).kind).toBe("wait");
	});

	it("does not start a second load on a node that is loading", ({ expect }) => {
		const loading = { ...cold({ numParallel: 4 }), inFlight: new Map([["other:7b", 1]]) };
		expect(choose([loading], request(), 0).kind).toBe("wait");
	});

	it("leaves degraded nodes alone while another can serve, full or not", ({ expect }) => {
		const degraded = { ...hot({ id: "quiet" }), status: "degraded" as const };
		const full = { ...hot({ id: "full" }), inFlight: new Map([[MODEL, 1]]) };
		expect(choose([degraded, cold({ id: "well" })], request(), 0)).toMatchObject({ nodeId: "well" });
		expect(choose([degraded, full], request(), 0).kind).toBe("wait");
		expect(choose([degraded], request(), 0)).toMatchObject({ nodeId: "quiet" });
	});

	it("breaks a tie by name, so that the same input gives the same choice", ({ expect }) => {
		expect(choose([hot({ id: "b" }), hot({ id: "a" })], request(), 0)).toMatchObject({ nodeId: "a" });
	});

	it("keeps batch work to the places of one model over the whole node", ({ expect }) => {
		const busy = { ...node({ resident: { [MODEL]: 6 * GB, "other:7b": 4 * GB } }), inFlight: new Map([["other:7b", 1]]) };
		expect(choose([busy], request({ requestClass: "batch" }), 0).kind).toBe("wait");
		expect(choose([busy], request({ requestClass: "interactive" }), 0).kind).toBe("assigned");
	});
});
