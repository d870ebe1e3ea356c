/** Randomness from a seed, so that equal seeds give equal machines. */
import { createHash } from "node:crypto";

export type Random = () => number;

/** Numbers in [0, 1) from a 32-bit seed (mulberry32). */
export function seeded(seed: number): Random {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
	};
}

/** A 32-bit number for a text (FNV-1a). */
export function hashText(text: string): number {
	let hash = 0x811c9dc5;
	for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
	return hash >>> 0;
}

export function sha256Hex(text: string | Uint8Array): string {
	return createHash("sha256").update(text).digest("hex");
}

export function pick<T>(random: Random, choices: readonly [T, ...T[]]): T {
	return choices[Math.floor(random() * choices.length)] ?? choices[0];
}

/** Text of the given length from an alphabet, for ids. */
export function randomText(random: Random, alphabet: string, length: number): string {
	let text = "";
	while (text.length < length) text += alphabet.charAt(Math.floor(random() * alphabet.length));
	return text;
}
