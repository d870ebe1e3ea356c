/** What a simulated model says: plain English sentences from a seed, a word a token. */
import { pick, seeded, type Random } from "../machine/random.ts";

const OPENINGS = [
	"You ask about …, so let us look closely.",
	"There is more than one way to see ….",
	"A word about … first.",
	"It helps to think of … as a long walk.",
] as const;
const SUBJECTS = [
	"The river",
	"A small lamp",
	"The old bridge",
	"Our neighbour",
	"The morning train",
	"A quiet machine",
	"The café",
	"The library",
	"Every gardener",
	"The answer",
	"A good plan",
] as const;
const VERBS = ["carries", "remembers", "follows", "explains", "opens", "keeps", "measures", "repairs", "brings", "changes"] as const;
const OBJECTS = [
	"the warm light",
	"a patient question",
	"the harbour wall",
	"three simple rules",
	"the last page",
	"a careful letter",
	"the winter market",
	"its own pace",
	"the narrow path",
	"a better question",
] as const;
const ENDINGS = [
	"before the rain",
	"without any hurry",
	"for a while",
	"in the evening",
	"near the station",
	"as it should",
	"with great care",
	"on most days",
	"when nobody looks",
	"step by step",
] as const;
const LINKS = ["", "", "", "Still, ", "After that, ", "In short, ", "Because of this, ", "Most of the time, "] as const;
const THOUGHTS = [
	"The user asks something simple",
	"I should answer in plain words",
	"A short list may help here",
	"Let me check the order of things",
	"One example will do",
] as const;

/** Shorter words are rarely what a question is about. */
const TOPIC_LETTERS = 4;

/** Endless tokens, beginning with what was asked; the first has no leading space. */
export function* speak(seed: number, asked: string): Generator<string> {
	const random = seeded(seed);
	const topic = (asked.match(/\p{L}+/gu) ?? []).reduce((longest, word) => (word.length > longest.length ? word : longest), "");
	yield* tokens(topic.length < TOPIC_LETTERS ? sentence(random) : pick(random, OPENINGS).replace("…", topic.toLowerCase()));
	for (;;) yield* tokens(` ${sentence(random)}`);
}

/** Endless tokens of the form `machine/request/answer/number`; the request is the last word of what was asked. */
export function* speakMarked(mark: string, asked: string, answerId: string): Generator<string> {
	const request = asked.split(/\s+/).at(-1) ?? "";
	for (let number = 0; ; number++) yield `${number === 0 ? "" : " "}${mark}/${request}/${answerId}/${number}`;
}

/** Tokens of a chain of thought. */
export function* think(seed: number): Generator<string> {
	const random = seeded(seed ^ 0x5bd1e995);
	const count = 2 + Math.floor(random() * 3);
	for (let index = 0; index < count; index++) yield* tokens(`${index === 0 ? "" : " "}${pick(random, THOUGHTS)}.`);
	yield "\n";
}

/** How many tokens an answer has when nothing limits it. */
export function usualLength(seed: number): number {
	return 40 + Math.floor(seeded(seed ^ 0x1b873593)() * 160);
}

/** A word and the space before it are one token, as with real vocabularies. */
export function tokens(text: string): string[] {
	return text.match(/\s*\S+|\s+$/gu) ?? [];
}

function sentence(random: Random): string {
	const link = pick(random, LINKS);
	const subject = pick(random, SUBJECTS);
	const start = link === "" ? subject : link + subject.charAt(0).toLowerCase() + subject.slice(1);
	return `${start} ${pick(random, VERBS)} ${pick(random, OBJECTS)} ${pick(random, ENDINGS)}.`;
}
