/** Log probabilities for tokens, made up but stable. */
import { hashText, seeded } from "../machine/random.ts";

export interface TokenLogprob {
	token: string;
	logprob: number;
	bytes: number[];
}

export interface Logprob extends TokenLogprob {
	top_logprobs?: TokenLogprob[];
}

const OTHERS = [" the", " a", " and", ".", " of", " to", ",", " in", " it", " is"];

export function logprobsOf(token: string, alternatives: number): Logprob {
	const random = seeded(hashText(token));
	const own = entry(token, -random() * 2);
	if (alternatives <= 0) return own;
	const others = Array.from({ length: alternatives - 1 }, (_, index) =>
		entry(OTHERS[index % OTHERS.length] ?? " ", own.logprob - (index + 1) * random()),
	);
	return { ...own, top_logprobs: [own, ...others] };
}

function entry(token: string, logprob: number): TokenLogprob {
	return { token, logprob, bytes: [...Buffer.from(token)] };
}
