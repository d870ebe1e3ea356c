/** Whether what a client saw is an answer, a clear error, or a lie. Pure. */
import { readAnswer, errorIn, type Read } from "./reading.ts";
import type { Seen } from "./visitor.ts";

/** `cut` is an answer that ended without its end: the client's library says so. */
export const OUTCOMES = ["answered", "retried", "told", "cut", "left", "hang"] as const;
export type Outcome = (typeof OUTCOMES)[number];

export interface Allowed {
	/** Nobody but those who leave may notice the fault. */
	readonly harmless?: boolean;
	/** The router itself dies: connections then end before any answer, and what was under way leaves no row. */
	readonly routerGoes?: boolean;
	/** Nodes end streams in order without their last line. */
	readonly endsInOrder?: boolean;
}

export interface Verdict {
	readonly outcome: Outcome;
	/** What must never be. */
	readonly problems: readonly string[];
}

/** Of an answer, in a violation. */
const WORDS = 200;
const TOKEN = /^([\w-]+)\/([\w-]+)\/(\w+)\/(\d+)-*$/;

export function judge(seen: Seen, allowed: Allowed): Verdict {
	const verdict = verdictOf(seen, allowed);
	const isSpoilt = allowed.harmless && ["told", "cut"].includes(verdict.outcome);
	if (!isSpoilt) return verdict;
	const words = seen.answer ? `: ${seen.answer.status} ${seen.answer.body.toString().slice(-WORDS)}` : "";
	return { ...verdict, problems: [...verdict.problems, `${verdict.outcome}, though nothing stood against it${words}`] };
}

function verdictOf(seen: Seen, allowed: Allowed): Verdict {
	const { ask, end, answer } = seen;
	if (end === "hang") return { outcome: "hang", problems: ["no end within its bound"] };
	if (end === "left") return { outcome: "left", problems: answer?.status === 200 ? mixed(seen, readAnswer(answer, ask.dialect)) : [] };
	if (!answer) return { outcome: "cut", problems: allowed.routerGoes ? [] : ["the connection ended without an answer"] };
	if (answer.status >= 400) return toldByStatus(seen);
	return inStream(seen, readAnswer(answer, ask.dialect), allowed);
}

function toldByStatus({ ask, answer }: Seen): Verdict {
	if (!answer?.whole) return { outcome: "cut", problems: ["an error that broke off"] };
	const clear = (errorIn(answer, ask.dialect) ?? "") !== "";
	return {
		outcome: "told",
		problems: clear ? [] : [`status ${answer.status} without an error of its dialect: ${answer.body.toString().slice(0, 120)}`],
	};
}

function inStream(seen: Seen, read: Read, allowed: Allowed): Verdict {
	const { answer } = seen;
	const problems = mixed(seen, read);
	if (read.garbled !== undefined) problems.push(`no client understands ${read.garbled.slice(0, 80)}`);
	if (read.error !== undefined) return { outcome: "told", problems };
	if (!answer?.whole) return { outcome: "cut", problems };
	if (!read.finished) {
		if (!allowed.endsInOrder) problems.push("ended in order without its end");
		return { outcome: "cut", problems };
	}
	if (tokensOf(read.text).length !== seen.ask.tokens) problems.push(`${tokensOf(read.text).length} tokens of ${seen.ask.tokens}`);
	return { outcome: answer.headers.get("x-fleet-retries") === "0" ? "answered" : "retried", problems };
}

/** Each token must be the next one of one answer, by one machine, to this very request. */
function mixed({ ask, answer }: Seen, { text }: Read): string[] {
	const tokens = tokensOf(text);
	const [, machine, , answerId] = TOKEN.exec(tokens[0] ?? "") ?? [];
	const node = answer?.headers.get("x-fleet-node") ?? machine;
	const wrong = tokens.findIndex((token, index) => token.replace(/-*$/, "") !== `${node}/${ask.tag}/${answerId}/${index}`);
	return wrong < 0 ? [] : [`token ${wrong} of ${node}'s answer is "${(tokens[wrong] ?? "").slice(0, 80)}"`];
}

function tokensOf(text: string): string[] {
	return text.split(/\s+/).filter((token) => token !== "");
}
