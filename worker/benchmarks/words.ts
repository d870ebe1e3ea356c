/** Prompts that no machine has read before, of about the same length each. Pure over the randomness given. */

const WORDS = (
	"river lamp stone quiet market engine paper window orange bridge letter winter copper garden signal harbor " +
	"mirror thunder pepper violin carpet rocket candle meadow silver ladder forest button planet saddle barrel canyon"
).split(" ");
const LENGTH = 180;

/** `random` gives 0 to 1. */
export function freshPrompt(random: () => number): string {
	const words = Array.from({ length: LENGTH }, () => WORDS[Math.floor(random() * WORDS.length)]);
	return `Write a short story in which these words appear: ${words.join(" ")}`;
}
