import { describe, it } from "vitest";
import { budgetFor, isAdmitted, refusalText } from "../../../../worker/fleet/pins/admission.ts";
import { assign } from "../../../../worker/fleet/pins/assign.ts";
import { choosePinNode, type PinPlace } from "../../../../worker/fleet/pins/choose-pin-node.ts";
import { BIG, byId, LLAMA, models, pinNode, pins, QWEN } from "./build-pins.ts";

const installed = { [LLAMA]: 5, [QWEN]: 6, [BIG]: 43 };

describe("the arithmetic of a pin", () => {
	it("lets pins take four fifths of what models can use, all of them together", ({ expect }) => {
		const node = pinNode({ usableGib: 12, installed });
		expect(isAdmitted(budgetFor(node, LLAMA))).toBe(true);
		expect(isAdmitted(budgetFor(node, QWEN, new Set([LLAMA])))).toBe(false);
		expect(isAdmitted(budgetFor(pinNode({ usableGib: 14, installed }), QWEN, new Set([LLAMA])))).toBe(true);
	});

	it("does not count a model twice that is pinned already", ({ expect }) => {
		expect(isAdmitted(budgetFor(pinNode({ usableGib: 8, installed }), LLAMA, new Set([LLAMA])))).toBe(true);
	});

	it("takes the machine's memory where there is no graphics card", ({ expect }) => {
		expect(isAdmitted(budgetFor(pinNode({ totalGb: 64, installed }), BIG))).toBe(true);
		expect(isAdmitted(budgetFor(pinNode({ totalGb: 48, installed }), BIG))).toBe(false);
	});

	it("is said in GB: what it needs, what is pinned, what there is", ({ expect }) => {
		expect(refusalText(budgetFor(pinNode({ usableGib: 12, installed }), QWEN, new Set([LLAMA])))).toBe(
			`node "alpha" can't pin model '${QWEN}': it needs 6.0 GB, 5.0 GB are pinned there (${LLAMA} 5.0), and pins may take 9.6 GB (80 % of the 12.0 GB that models can use)`,
		);
		expect(refusalText(budgetFor(pinNode({ usableGib: 12, installed }), BIG))).toContain("43.0 GB, nothing is pinned there, and");
	});

	it("counts heads as well: Ollama holds so many models and no more", ({ expect }) => {
		const budget = budgetFor(pinNode({ usableGib: 100, installed, maxLoaded: 1 }), QWEN, new Set([LLAMA]));
		expect(isAdmitted(budget)).toBe(false);
		expect(refusalText(budget)).toContain(`its Ollama holds at most 1 models, and as many are pinned there (${LLAMA} 5.0)`);
	});
});

const wish = { model: LLAMA, nodeId: "", force: false, mayBeAway: false };
const word = (place: PinPlace) => (place.kind === "place" ? place.node.nodeId : place.kind);

describe("the node for a pin", () => {
	const small = pinNode({ id: "small", usableGib: 10, installed });
	const large = pinNode({ id: "large", usableGib: 100, installed });
	const without = pinNode({ id: "without", usableGib: 500, installed: { [QWEN]: 6 } });
	const nodes = byId(small, large, without);

	it("is the one with the most room, unless one has the model in memory or pinned", ({ expect }) => {
		expect(word(choosePinNode(nodes, wish, models()))).toBe("large");
		const warm = byId(large, pinNode({ id: "small", usableGib: 10, installed, resident: { [LLAMA]: 5 } }));
		expect(word(choosePinNode(warm, wish, models()))).toBe("small");
		expect(word(choosePinNode(warm, wish, models({ large: [LLAMA] })))).toBe("large");
	});

	it("is not one that is silent, without door, or short of memory, and the reasons are kept", ({ expect }) => {
		const away = pinNode({ id: "large", usableGib: 100, installed, status: "offline" });
		expect(word(choosePinNode(byId(small, away), wish, models()))).toBe("small");
		const full = pinNode({ id: "small", usableGib: 10, installed, pressure: "critical" });
		expect(choosePinNode(byId(full, away), wish, models())).toEqual({
			kind: "blocked",
			reasons: { small: ["memory-critical"], large: ["offline"] },
		});
	});

	it("is the one that is named, or none", ({ expect }) => {
		expect(word(choosePinNode(nodes, { ...wish, nodeId: "small" }, models()))).toBe("small");
		expect(word(choosePinNode(nodes, { ...wish, nodeId: "small", model: BIG }, models()))).toBe("too-much");
		expect(word(choosePinNode(nodes, { ...wish, nodeId: "small", model: BIG, force: true }, models()))).toBe("small");
		expect(choosePinNode(nodes, { ...wish, nodeId: "nobody" }, models())).toEqual({
			kind: "unknown-node",
			known: ["large", "small", "without"],
		});
		expect(choosePinNode(nodes, { ...wish, nodeId: "without" }, models())).toEqual({ kind: "missing", holders: ["small", "large"] });
	});

	it("may be named while it is away, where the caller can wait", ({ expect }) => {
		const away = byId(pinNode({ id: "away", usableGib: 10, installed, status: "offline" }));
		expect(word(choosePinNode(away, { ...wish, nodeId: "away" }, models()))).toBe("blocked");
		expect(word(choosePinNode(away, { ...wish, nodeId: "away", mayBeAway: true }, models()))).toBe("away");
	});
});

describe("pins of the environment", () => {
	const large = pinNode({ id: "large", usableGib: 100, installed });
	const small = pinNode({ id: "small", usableGib: 12, installed });
	const assigned = (names: string[], nodes = byId(large, small), before = {}, asked = {}) =>
		Object.fromEntries(assign(names, { nodes, pins: pins(asked), before: new Map(Object.entries(before)) }));

	it("go to the node with the most room, one after the other", ({ expect }) => {
		const [a, b] = [pinNode({ id: "a", usableGib: 12, installed }), pinNode({ id: "b", usableGib: 10, installed })];
		expect(assigned([QWEN, LLAMA], byId(a, b))).toEqual({ [QWEN]: "a", [LLAMA]: "b" });
		expect(assigned([QWEN, LLAMA, BIG], byId(a, b))).toEqual({ [QWEN]: "a", [LLAMA]: "b" });
	});

	it("stay where they are while that node can serve", ({ expect }) => {
		expect(assigned([LLAMA], byId(large, small), { [LLAMA]: "small" })).toEqual({ [LLAMA]: "small" });
		const away = pinNode({ id: "small", usableGib: 12, installed, status: "offline" });
		expect(assigned([LLAMA], byId(large, away), { [LLAMA]: "small" })).toEqual({ [LLAMA]: "large" });
	});

	it("are content with a pin that somebody set by name", ({ expect }) => {
		expect(assigned([LLAMA], byId(large, small), {}, { small: [LLAMA] })).toEqual({ [LLAMA]: "small" });
	});
});
