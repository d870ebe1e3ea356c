import { describe, it } from "vitest";
import { PrefixIndex, rememberedTokens } from "../../../../worker/routing/rule/prefix-index.ts";
import { chainMarks } from "../../../../worker/routing/rule/prefix-marks.ts";
import { LLAMA, learned, NOW, pass, placeOf, ruleNode, waiting } from "./build-rule.ts";

const SECRET = "a secret";
const part = (text: string, tokens: number, role = "user") => ({ role, text, tokens });
const SYSTEM = part("You are terse", 100, "system");
const FIRST = [SYSTEM, part("What is a herd?", 20)];
const SECOND = [...FIRST, part("Many animals", 50, "assistant"), part("And a flock?", 10)];
const marks = (parts: typeof FIRST) => chainMarks(parts, SECRET);

function remember(
	index: PrefixIndex,
	parts: typeof FIRST,
	facts: { nodeId?: string; capacityTokens?: number; answerTokens?: number } = {},
): void {
	const promptTokens = parts.reduce((sum, { tokens }) => sum + tokens, 0);
	const rest = { requestClass: "interactive", now: NOW, nodeId: "a", capacityTokens: 1e6, answerTokens: 50 } as const;
	index.remember({ ...rest, ...facts, model: LLAMA, marks: marks(parts), promptTokens });
}

describe("marks", () => {
	it("are equal as long as the messages are, and only under the same secret", ({ expect }) => {
		expect(marks(SECOND).slice(0, 2)).toEqual(marks(FIRST));
		expect(chainMarks(FIRST, `${SECRET}!`)[0]?.hash).not.toBe(marks(FIRST)[0]?.hash);
	});

	it("tell a message's end from its text", ({ expect }) => {
		const [, one] = marks([part("ab", 1), part("c", 1)]);
		const [, other] = marks([part("a", 1), part("bc", 1)]);
		expect(one?.hash).not.toBe(other?.hash);
	});

	it("keep the beginning and the end of a very long conversation", ({ expect }) => {
		const long = Array.from({ length: 200 }, (_, index) => part(`message ${index}`, 10));
		const kept = marks(long);
		expect(kept.length).toBeLessThan(40);
		expect([kept[0]?.tokens, kept.at(-1)?.tokens]).toEqual([10, 2000]);
	});
});

describe("the prefix index", () => {
	it("knows the whole earlier prompt and its answer when a conversation goes on", ({ expect }) => {
		const index = new PrefixIndex();
		remember(index, FIRST);
		expect(index.known(LLAMA, marks(SECOND)).get("a")).toBe(170);
	});

	it("knows the shared system prompt of another conversation", ({ expect }) => {
		const index = new PrefixIndex();
		remember(index, FIRST);
		expect(index.known(LLAMA, marks([SYSTEM, part("Something else", 30)])).get("a")).toBe(100);
	});

	it("knows nothing on other nodes, nor after the model left", ({ expect }) => {
		const index = new PrefixIndex();
		remember(index, FIRST);
		expect(index.known(LLAMA, marks(SECOND)).has("b")).toBe(false);
		index.forget("a", LLAMA);
		expect(index.known(LLAMA, marks(SECOND)).size).toBe(0);
	});

	it("knows nothing of a prompt that another model has read", ({ expect }) => {
		const index = new PrefixIndex();
		remember(index, FIRST);
		expect(index.known("other:latest", marks(SECOND)).size).toBe(0);
	});

	it("believes what was read before a forgotten prompt to be forgotten too, and what was read after it not", ({ expect }) => {
		const index = new PrefixIndex();
		for (const name of ["one", "two", "three"]) remember(index, [part(name, 1000)]);
		index.missed("a", LLAMA, marks([part("two", 1000), part("more", 5)]));
		expect(index.known(LLAMA, marks([part("one", 1000)])).size).toBe(0);
		expect(index.known(LLAMA, marks([part("three", 1000)])).get("a")).toBe(1000);
	});

	it("counts the turns of a conversation as one", ({ expect }) => {
		const index = new PrefixIndex();
		remember(index, FIRST);
		remember(index, SECOND);
		expect(index.conversations("a", LLAMA)).toMatchObject([{ turns: 2, tokens: 230 }]);
	});

	it("forgets the oldest beyond what the node can hold", ({ expect }) => {
		const index = new PrefixIndex();
		for (const name of ["one", "two", "three"]) remember(index, [part(name, 1000)], { capacityTokens: 1100 });
		expect(index.conversations("a", LLAMA)).toHaveLength(2);
	});

	it("remembers one prompt of a version that keeps no others", ({ expect }) => {
		expect(rememberedTokens("0.24.0", 131_072)).toBe(0);
		expect(rememberedTokens("0.32.15", 131_072)).toBe(65_536);
		const index = new PrefixIndex();
		for (const name of ["one", "two"]) remember(index, [part(name, 1000)], { capacityTokens: 0 });
		expect(index.conversations("a", LLAMA)).toHaveLength(1);
	});

	it("stays bounded however many conversations there are", ({ expect }) => {
		const index = new PrefixIndex();
		for (let count = 0; count < 500; count++) remember(index, [part(`conversation ${count}`, 10)]);
		expect(index.conversations("a", LLAMA).length).toBeLessThanOrEqual(40);
	});
});

describe("a long conversation", () => {
	it("goes on where it was read before", ({ expect }) => {
		const nodes = ["a", "b"].map((id) => ruleNode({ id, resident: { [LLAMA]: 6e9 } }));
		const knowledge = learned(nodes);
		const parts = [part("A very long document", 8000)];
		remember(knowledge.prefixes, parts, { nodeId: "b" });
		const next = waiting({ promptTokens: 8060, marks: marks([...parts, part("yes", 50, "assistant"), part("why?", 10)]) });
		const [outcome] = pass(nodes, [next], { knowledge });
		expect(placeOf(outcome)).toBe("b");
		expect(outcome).toMatchObject({ decision: { reason: "affinity", terms: { knownTokens: 8050 } } });
	});
});
