import { describe, it } from "vitest";
import { hardwareWords, inPlace, nodeState } from "../../../dashboard/src/nodes/node-words.ts";
import { occupancyWords, onDiskOnly, type ResidentModel, spillWords } from "../../../dashboard/src/nodes/resident-words.ts";
import { probeWords, troublesOf } from "../../../dashboard/src/nodes/trouble-words.ts";
import type { NodeReason } from "../../../worker/routing/eligibility.ts";
import { nodeSnapshot } from "./node-snapshot.ts";

const running = nodeSnapshot().ollama;

function troublesWith(state: string) {
	return troublesOf(nodeSnapshot({ blocked_by: ["ollama-down"], ollama: { ...running, state } }), 0);
}

describe("a machine's state", () => {
	it.for([
		[nodeSnapshot(), "ready, idle", "ok"],
		[nodeSnapshot({ ollama: { ...running, requests_active: 2 } }), "answering 2 requests", "ok"],
		[nodeSnapshot({ status: "pending", blocked_by: ["pending-approval"] }), "asks to join", "attention"],
		[nodeSnapshot({ status: "offline", last_seen_ago_ms: 185_000 }), "offline, last heard 3 min ago", "resting"],
		[nodeSnapshot({ status: "degraded", last_seen_ago_ms: 18_000 }), "silent for 18 s", "attention"],
		[nodeSnapshot({ blocked_by: ["ollama-down"] }), "takes no new work", "broken"],
		[
			nodeSnapshot({ blocked_by: ["draining"], ollama: { ...running, requests_active: 1 } }),
			"answering 1 request, takes no new work",
			"resting",
		],
	] as const)("of %# reads %s", ([node, words, tone], { expect }) => {
		expect(nodeState(node)).toEqual({ words, tone });
	});

	it("leaves out hardware that is not known", ({ expect }) => {
		const { hardware } = nodeSnapshot();
		expect(hardwareWords(nodeSnapshot())).toBe("M2 Ultra · 192 GB");
		expect(hardwareWords(nodeSnapshot({ hardware: { ...hardware, chip: "Ryzen", memory_total_gb: 31.21 } }))).toBe("Ryzen · 32 GB");
		expect(hardwareWords(nodeSnapshot({ hardware: { ...hardware, chip: "", memory_total_gb: 0 } }))).toBe("arm64");
	});

	it("keeps machines in order of name behind those that ask to join", ({ expect }) => {
		const nodes = [
			nodeSnapshot({ node_id: "nuc10" }),
			nodeSnapshot({ node_id: "zed", status: "pending" }),
			nodeSnapshot({ node_id: "nuc9" }),
		];
		expect(inPlace(nodes).map(({ node_id }) => node_id)).toEqual(["zed", "nuc9", "nuc10"]);
	});
});

describe("why a machine takes no work", () => {
	const reasons: Record<NodeReason, number> = {
		"pending-approval": 0,
		offline: 0,
		draining: 1,
		paused: 1,
		"capacity-paused": 1,
		"ollama-down": 1,
		"door-unreachable": 1,
	};

	it.for(Object.entries(reasons))("%s is told in words, or by the card itself", ([reason, told], { expect }) => {
		const troubles = troublesOf(nodeSnapshot({ blocked_by: [reason] }), 0);
		expect(troubles).toHaveLength(told);
		for (const { what } of troubles) expect(what).not.toContain(reason);
	});

	it("tells a stopped Ollama from a crashed one, once", ({ expect }) => {
		expect(troublesWith("stopped").map(({ what }) => what)).toEqual(["Ollama is not running there."]);
		expect(troublesWith("crashed").map(({ what }) => what)).toEqual(["Ollama ran and has gone away."]);
	});

	it("tells an Ollama that is too old, and what could not be read", ({ expect }) => {
		expect(troublesWith("too-old").map(({ what }) => what)).toEqual(["Ollama there is too old for the fleet."]);
		const failed = { probe: "nvidia", reason: "nvidia-smi failed (9): it couldn't communicate with the NVIDIA driver" };
		expect(probeWords(failed)).toBe("No new figures from nvidia: nvidia-smi failed (9): it couldn't communicate with the NVIDIA driver");
	});

	it("shows a reason it does not know instead of hiding it", ({ expect }) => {
		expect(troublesOf(nodeSnapshot({ blocked_by: ["on-battery"] }), 0)).toEqual([
			{ what: "Takes no work: on battery.", advice: undefined },
		]);
		expect(troublesOf(nodeSnapshot({ blocked_by: ["toString"] }), 0)).toHaveLength(1);
	});
});

describe("what failed there again and again", () => {
	it("is told with its name and when it is tried again", ({ expect }) => {
		const breaker = { reason: "timeout", failures: 3, retry_in_ms: 4200 };
		const troubles = (model: string, facts = {}) => troublesOf(nodeSnapshot({ breakers: [{ ...breaker, model, ...facts }] }), 0);
		expect(troubles("a:7b")).toEqual([
			{ what: "a:7b failed 3 times in a row and rests.", advice: "The router tries it again by itself, in 5 s." },
		]);
		expect(troubles("*", { retry_in_ms: 0 })[0]).toMatchObject({
			what: "It failed 3 times in a row and rests.",
			advice: "The router tries it again by itself, with the next request.",
		});
	});
});

describe("a model in memory", () => {
	const model: ResidentModel = {
		name: "a:7b",
		size_gb: 10,
		requests_active: 0,
		parameter_size: "7B",
		quantization: "Q4_K_M",
		context_length: 8192,
	};
	const now = Date.parse("2026-01-01T12:00:00Z");

	it("is busy, about to leave, or there to stay", ({ expect }) => {
		expect(occupancyWords({ ...model, requests_active: 1 }, now)).toBe("busy");
		expect(occupancyWords({ ...model, requests_active: 3 }, now)).toBe("busy with 3");
		expect(occupancyWords({ ...model, expires_at: "2026-01-01T12:04:30Z" }, now)).toBe("idle, leaves in 4 min");
		expect(occupancyWords({ ...model, expires_at: "2318-04-12T12:00:00Z" }, now)).toBe("idle, stays");
		expect(occupancyWords({ ...model, expires_at: "2026-01-01T11:59:00Z" }, now)).toBe("idle, leaving");
		expect(occupancyWords(model, now)).toBe("idle");
	});

	it("says how much of it fits on the GPU only where some does not", ({ expect }) => {
		expect(spillWords({ ...model, size_vram_gb: 8.3 }, true)).toBe("83 % on GPU");
		expect(spillWords({ ...model, size_vram_gb: 0 }, true)).toBe("on CPU only");
		expect(spillWords({ ...model, size_vram_gb: 10 }, true)).toBeUndefined();
		expect(spillWords({ ...model, size_vram_gb: 0 }, false)).toBeUndefined();
		expect(spillWords(model, true)).toBeUndefined();
	});

	it("is not counted again among those on disk", ({ expect }) => {
		const node = nodeSnapshot({ ollama: { ...running, models_loaded: [model], models_available: ["c:1b", "a:7b", "b:3b"] } });
		expect(onDiskOnly(node)).toEqual(["b:3b", "c:1b"]);
	});
});
