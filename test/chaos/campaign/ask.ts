/** What the clients of a campaign ask for: everything about a request follows from the seed. */
import { pick, type Random } from "../../../agent/src/simulate/machine/random.ts";
import type { DialectName } from "./dialects.ts";

/** When a client goes without waiting for the end of its answer. */
export type Leaving = "half-sent" | "sent" | "waiting" | "hearing";

export interface Ask {
	/** Unique in a campaign: in the prompt, in every token of the answer, and in the trace. */
	readonly tag: string;
	readonly dialect: DialectName;
	readonly model: string;
	readonly stream: boolean;
	readonly requestClass: "interactive" | "agent" | "batch";
	/** Words of the prompt, beside the tag. */
	readonly words: number;
	/** The answer has exactly so many. */
	readonly tokens: number;
	readonly leaves?: Leaving;
	/** How it goes: in order (FIN), or cut off (RST). */
	readonly way: "leave" | "reset";
	/** For those who leave while waiting, and for those who read nothing for a while. */
	readonly afterMs: number;
	/** Reads nothing for a while after the first bytes. */
	readonly stalls: boolean;
}

export interface LoadShape {
	/** Shares of all clients. */
	readonly leavers: number;
	readonly stallers: number;
	readonly models: readonly [string, ...string[]];
}

/** An endless line of clients. */
export function* asks(prefix: string, random: Random, { leavers, stallers, models }: LoadShape): Generator<Ask, never> {
	for (let number = 0; ; number++) {
		const leaves = random() < leavers ? { leaves: pick(random, ["half-sent", "sent", "waiting", "hearing", "hearing"] as const) } : {};
		yield {
			tag: `${prefix}-${number}`,
			dialect: pick(random, ["ollama", "openai", "anthropic"]),
			model: pick(random, models),
			stream: random() < 0.6,
			requestClass: pick(random, ["interactive", "interactive", "agent", "batch"]),
			words: Math.floor(random() * 15),
			tokens: 4 + Math.floor(random() * 16),
			way: pick(random, ["leave", "reset"]),
			afterMs: Math.floor(random() * 600),
			stalls: random() < stallers,
			...leaves,
		};
	}
}
