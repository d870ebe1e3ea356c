import { describe, it } from "vitest";
import { lostWords } from "../../../dashboard/src/frame/link-words.ts";
import { summaryWords, titleWords } from "../../../dashboard/src/frame/summary-words.ts";
import { hashWithoutKey, keyInHash } from "../../../dashboard/src/key-in-hash.ts";
import { waitingModels } from "../../../dashboard/src/requests/waiting-models.ts";
import type { FleetSnapshot, QueueSnapshot } from "../../../worker/protocol/fleet.ts";
import { nodeSnapshot } from "./node-snapshot.ts";

const fleet = {
	nodes_total: 2,
	nodes_online: 1,
	models_loaded: 1,
	requests_active: 3,
	requests_waiting: 1,
	router_version: "0.1.0",
	started_at: 0,
};
const snapshot: FleetSnapshot = {
	fleet,
	nodes: [nodeSnapshot(), nodeSnapshot({ node_id: "nuc", status: "offline" }), nodeSnapshot({ node_id: "new", status: "pending" })],
	queues: {},
	pulls: [],
	timestamp: 0,
};

function queue(model: string, pending: number, node_id: string | null): QueueSnapshot {
	return { model, node_id, pending, in_flight: 1, concurrency: 1, completed: 0, failed: 0 };
}

describe("the summary", () => {
	it("counts only machines that have joined, and names those that ask to", ({ expect }) => {
		expect(summaryWords(snapshot)).toEqual(["1 of 2 machines", "1 model ready", "3 running", "1 waiting", "1 asks to join"]);
	});

	it("puts what runs into the tab's title", ({ expect }) => {
		expect(titleWords(snapshot, "Health")).toBe("3 running, 1 waiting · Health · herd");
		expect(titleWords({ ...snapshot, fleet: { ...fleet, requests_active: 0, requests_waiting: 0 } })).toBe("herd");
	});
});

describe("the word about the connection", () => {
	it("is silent while all is well and over a single missed answer", ({ expect }) => {
		expect(lostWords(undefined, 0, 99_000)).toBeUndefined();
		expect(lostWords({ kind: "unreachable" }, 1000, 4000)).toBeUndefined();
	});

	it("says how old the page is", ({ expect }) => {
		expect(lostWords({ kind: "unreachable" }, 1000, 15_000)).toBe(
			"The router does not answer. This is how things stood 14 s ago. Trying again.",
		);
	});

	it("speaks at once when there never was an answer, and says where the key is", ({ expect }) => {
		expect(lostWords({ kind: "unreachable" }, undefined, 0)).toBe("The router does not answer. Trying again.");
		expect(lostWords({ kind: "refused", status: 401, message: undefined }, undefined, 0)).toContain("link that herd prints");
	});
});

describe("the key in the address", () => {
	it("is found and removed, and nothing else is", ({ expect }) => {
		expect(keyInHash("#key=abc%2B1")).toBe("abc+1");
		expect(keyInHash("#node-nuc")).toBeUndefined();
		expect(keyInHash("#key=")).toBeUndefined();
		expect(hashWithoutKey("#key=abc")).toBe("");
		expect(hashWithoutKey("#tab=nodes&key=abc")).toBe("#tab=nodes");
	});
});

describe("who waits", () => {
	it("is told by model, most first, without what runs", ({ expect }) => {
		const queues = { "*:a": queue("a", 1, null), "*:b": queue("b", 4, null), "nuc:c": queue("c", 0, "nuc") };
		expect(waitingModels(queues)).toEqual([
			{ model: "b", waiting: 4 },
			{ model: "a", waiting: 1 },
		]);
	});
});
