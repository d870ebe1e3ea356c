import { describe, it } from "vitest";
import { type Duties, nextDeed, obstacle } from "../../../../worker/fleet/pins/deeds.ts";
import { newKnowledge } from "../../../../worker/routing/rule/knowledge.ts";
import type { Job } from "../../../../worker/routing/rule/view.ts";
import { BIG, LLAMA, pinNode, QWEN } from "./build-pins.ts";

const NOW = 1_000_000;
const SOON = "2026-11-25T12:00:00Z";
const FOREVER = "2319-03-01T12:00:00Z";
const installed = { [LLAMA]: 5, [QWEN]: 6, [BIG]: 43 };

function duties(facts: Partial<Duties> = {}): Duties {
	return { pinned: new Set([LLAMA]), kept: new Set(), knowledge: newKnowledge(), isHeld: () => false, now: NOW, ...facts };
}

function job(model: string, facts: Partial<Job> = {}): Job {
	const common = {
		requestId: "r",
		requestClass: "interactive",
		isEmbedding: false,
		startedAt: NOW,
		estimateS: 9,
		expectedTokens: 9,
	} as const;
	return { ...common, model, ...facts };
}

describe("what is due on a node", () => {
	it("is to load a pinned model that is not in memory", ({ expect }) => {
		expect(nextDeed(pinNode({ usableGib: 50, installed }), duties())).toEqual({ kind: "load", model: LLAMA, victims: [] });
	});

	it("is nothing for a model that was told to stay and does", ({ expect }) => {
		const there = pinNode({ usableGib: 50, resident: { [LLAMA]: 5 }, expiresAt: FOREVER });
		expect(nextDeed(there, duties({ kept: new Set([LLAMA]) }))).toBeUndefined();
	});

	it("is to tell a model to stay that a request has loaded, or a client's keep_alive would let go", ({ expect }) => {
		const timed = pinNode({ usableGib: 50, resident: { [LLAMA]: 5 }, expiresAt: SOON });
		expect(nextDeed(timed, duties())).toEqual({ kind: "keep", model: LLAMA });
		expect(nextDeed(timed, duties({ kept: new Set([LLAMA]) }))).toEqual({ kind: "keep", model: LLAMA });
		const busy = { ...timed, jobs: [job(LLAMA)] };
		expect(nextDeed(busy, duties()), "its expiry says nothing while it is at work").toBeUndefined();
	});

	it("is to let a model go that is no longer pinned", ({ expect }) => {
		const there = pinNode({ usableGib: 50, resident: { [LLAMA]: 5 }, expiresAt: FOREVER });
		const unpinned = duties({ pinned: new Set(), kept: new Set([LLAMA]) });
		expect(nextDeed(there, unpinned)).toEqual({ kind: "release", model: LLAMA });
		expect(nextDeed(pinNode({ usableGib: 50, installed }), unpinned)).toBeUndefined();
	});

	it("leaves alone what failed just now, and goes on to the next", ({ expect }) => {
		const both = duties({ pinned: new Set([LLAMA, QWEN]), isHeld: (model) => model === LLAMA });
		expect(nextDeed(pinNode({ usableGib: 50, installed }), both)).toMatchObject({ model: QWEN });
	});
});

describe("a load", () => {
	const full = { usableGib: 12, installed, resident: { [QWEN]: 6 } };

	it("pushes out idle models that nobody pinned", ({ expect }) => {
		expect(nextDeed(pinNode(full), duties())).toEqual({ kind: "load", model: LLAMA, victims: [QWEN] });
	});

	it("waits for models at work, and for another load", ({ expect }) => {
		const busy = pinNode({ ...full, jobs: [job(QWEN, { firstTokenAt: NOW })] });
		expect(obstacle(busy, LLAMA, duties())).toBe("there is no room beside the models at work");
		const loading = pinNode({ usableGib: 50, installed, jobs: [job(BIG)] });
		expect(obstacle(loading, LLAMA, duties())).toBe("it loads another model");
		expect(nextDeed(busy, duties())).toBeUndefined();
	});

	it("never pushes out another pin", ({ expect }) => {
		expect(obstacle(pinNode(full), LLAMA, duties({ pinned: new Set([LLAMA, QWEN]) }))).toBe(
			`'${QWEN}', pinned there too, would be pushed out`,
		);
	});

	it("waits a minute before it takes its room back from those who pushed it out, not where room is free", ({ expect }) => {
		const pushedOut = pinNode(full);
		pushedOut.unloadedAt.set(LLAMA, NOW - 30_000);
		const kept = new Set([LLAMA]);
		expect(obstacle(pushedOut, LLAMA, duties({ kept }))).toContain("less than a minute ago");
		expect(obstacle(pushedOut, LLAMA, duties({ kept, now: NOW + 31_000 }))).toBeUndefined();
		expect(obstacle(pushedOut, LLAMA, duties()), "a new pin").toBeUndefined();
		const roomy = pinNode({ ...full, usableGib: 50 });
		roomy.unloadedAt.set(LLAMA, NOW - 30_000);
		expect(obstacle(roomy, LLAMA, duties({ kept }))).toBeUndefined();
	});

	it("is not for a disk without the model, nor for a machine short of memory", ({ expect }) => {
		expect(obstacle(pinNode({ installed: { [QWEN]: 6 } }), LLAMA, duties())).toBe("the model is not on its disk");
		expect(obstacle(pinNode({ installed, pressure: "critical" }), LLAMA, duties())).toBe("its memory is too short to load a model now");
	});
});
