import { describe, it } from "vitest";
import { PrefixCache } from "../../../agent/src/simulate/machine/prefix-cache.ts";

const A = `A${"a".repeat(400)}`;
const B = `B${"b".repeat(400)}`;

function ask(cache: PrefixCache, prompt: string, now: number): number {
	const { slot, cachedCharacters } = cache.begin(prompt, [0], now);
	cache.finish(slot, `${prompt} and an answer`, now);
	return cachedCharacters;
}

describe("the prefix cache", () => {
	it("reuses the prompt that is still in the slot", ({ expect }) => {
		const cache = new PrefixCache(1, { storedCharacters: 0, spreads: true });
		expect([ask(cache, A, 1), ask(cache, A, 2), ask(cache, `${A} and more`, 3)]).toEqual([0, A.length, A.length + " and ".length]);
	});

	it("forgets a prompt after another one, without a store in RAM", ({ expect }) => {
		const cache = new PrefixCache(1, { storedCharacters: 0, spreads: true });
		expect([ask(cache, A, 1), ask(cache, B, 2), ask(cache, A, 3)]).toEqual([0, 0, 0]);
	});

	it("finds it again with one", ({ expect }) => {
		const cache = new PrefixCache(1, { storedCharacters: 10_000, spreads: true });
		expect([ask(cache, A, 1), ask(cache, B, 2), ask(cache, A, 3), ask(cache, B, 4)]).toEqual([0, 0, A.length, B.length]);
	});

	it("drops the oldest when the store is full", ({ expect }) => {
		const cache = new PrefixCache(1, { storedCharacters: 450, spreads: true });
		expect([ask(cache, A, 1), ask(cache, B, 2), ask(cache, `C${A}`, 3), ask(cache, A, 4)]).toEqual([0, 0, 0, 0]);
	});

	it("prefers the idle slot that holds most of the prompt, else the one unused longest", ({ expect }) => {
		const cache = new PrefixCache(2, { storedCharacters: 0, spreads: true });
		expect(cache.begin(A, [0, 1], 1).slot).toBe(0);
		expect(cache.begin(B, [0, 1], 2).slot).toBe(1);
		expect(cache.begin(`${A} again`, [0, 1], 3)).toEqual({ slot: 0, cachedCharacters: A.length });
	});

	it("is no memory of conversations in idle slots before 0.30", ({ expect }) => {
		const cache = new PrefixCache(2, { storedCharacters: 0, spreads: false });
		expect([A, B, A].map((prompt, now) => cache.begin(prompt, [0, 1], now))).toEqual(
			[0, 0, 0].map((slot) => ({ slot, cachedCharacters: 0 })),
		);
	});
});
