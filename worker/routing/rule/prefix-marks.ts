/** Names for the beginnings of a prompt, so that it can be told where one was read before. Pure. */
import type { PrefixMark } from "../../protocol/inference.ts";

export interface PromptPart {
	readonly role: string;
	readonly text: string;
	readonly tokens: number;
}

/** So many beginnings of a long conversation are kept: the first, where system prompts end, and the latest. */
const KEPT_FIRST = 2;
const KEPT_LAST = 30;
const SECRET_SEEDS = [0x9e3779b9, 0x5bd1e995] as const;

/** One mark per message, each chained to the one before. `secret` makes the hashes of this installation unlike any other's. */
export function chainMarks(parts: readonly PromptPart[], secret: string): PrefixMark[] {
	const marks: PrefixMark[] = [];
	let chain = hashOf(secret, SECRET_SEEDS[0], SECRET_SEEDS[1]);
	let tokens = 0;
	for (const { role, text, tokens: own } of parts) {
		chain = hashOf(text, ...hashOf(role, ...chain));
		tokens += own;
		marks.push({ hash: `${chain[0].toString(36)}.${chain[1].toString(36)}`, tokens });
	}
	if (marks.length <= KEPT_FIRST + KEPT_LAST) return marks;
	return [...marks.slice(0, KEPT_FIRST), ...marks.slice(-KEPT_LAST)];
}

/** A short name for something that must not be kept as it is, such as a key. */
export function hashedName(text: string, secret: string): string {
	const [one, two] = hashOf(text, ...hashOf(secret, SECRET_SEEDS[1], SECRET_SEEDS[0]));
	return one.toString(36) + two.toString(36);
}

/** Two mixed 32-bit halves (cyrb53 without its last step): 64 bits at a gigabyte in a few seconds. */
function hashOf(text: string, seedOne: number, seedTwo: number): [number, number] {
	let one = 0xdeadbeef ^ seedOne;
	let two = 0x41c6ce57 ^ seedTwo;
	for (let index = 0; index < text.length; index++) {
		const code = text.charCodeAt(index);
		one = Math.imul(one ^ code, 2_654_435_761);
		two = Math.imul(two ^ code, 1_597_334_677);
	}
	one = Math.imul(one ^ (one >>> 16), 2_246_822_507) ^ Math.imul(two ^ (two >>> 13), 3_266_489_909);
	two = Math.imul(two ^ (two >>> 16), 2_246_822_507) ^ Math.imul(one ^ (one >>> 13), 3_266_489_909);
	return [one >>> 0, two >>> 0];
}
