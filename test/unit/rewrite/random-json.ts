/** Random JSON texts with every liberty a client has: spacing, escapes, unicode, repeated keys. Same seed, same texts. */

/** An object before it is written: each member keeps its own spelling. */
export interface Written {
	readonly open: string;
	readonly members: readonly { readonly lead: string; readonly keyText: string; readonly middle: string; valueText: string }[];
	readonly close: string;
}

export type Random = () => number;

/** Mulberry32. */
export function seeded(seed: number): Random {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}

export function pick<Item>(random: Random, items: readonly [Item, ...Item[]]): Item {
	return items[Math.floor(random() * items.length)] ?? items[0];
}

export function textOf({ open, members, close }: Written): string {
	return open + members.map(({ lead, keyText, middle, valueText }) => lead + keyText + middle + valueText).join(",") + close;
}

/** An object whose keys are drawn from `keys`, each at most once when `distinct`. */
export function writtenObject(
	random: Random,
	keys: readonly [string, ...string[]],
	{ distinct, depth }: { distinct: boolean; depth: number },
) {
	const seen = new Set<string>();
	const members: Written["members"][number][] = [];
	for (let count = Math.floor(random() * 6); count > 0; count--) {
		const key = pick(random, keys);
		if (distinct && seen.has(key)) continue;
		seen.add(key);
		const middle = `${space(random)}:${space(random)}`;
		members.push({ lead: space(random), keyText: stringText(random, key), middle, valueText: randomValue(random, depth) + space(random) });
	}
	return { open: `${space(random)}{`, members, close: `${space(random)}}` };
}

export function randomValue(random: Random, depth: number): string {
	const kind = Math.floor(random() * (depth > 0 ? 8 : 6));
	if (kind === 0) return pick(random, ["true", "false", "null"]);
	if (kind === 1) return pick(random, ["0", "-1", "4096", "1.5", "-2e3", "6E+2"]);
	if (kind < 6) return stringText(random, pick(random, STRINGS));
	if (kind === 6) return textOf(writtenObject(random, ["a", "num_ctx", "}", '"', "model"], { distinct: true, depth: depth - 1 })).trim();
	const items = Array.from({ length: Math.floor(random() * 4) }, () => space(random) + randomValue(random, depth - 1) + space(random));
	return `[${items.join(",")}]`;
}

const STRINGS = ["", "plain", 'a "quoted" word', "back\\slash\\", "{[,:]}", "grüße 😀", "\n\t\u0001", '\\"', "model", "\u2028"] as const;

function stringText(random: Random, value: string): string {
	const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
	const written = value.split("").map((character) => (random() < 0.15 ? escaped(character) : JSON.stringify(character).slice(1, -1)));
	return `"${written.join("")}"`;
}

function space(random: Random): string {
	return pick(random, ["", "", "", " ", "\n  ", "\t", "\r\n"]);
}
