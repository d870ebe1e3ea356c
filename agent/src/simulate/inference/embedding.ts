/** Vectors for texts: made up, but equal texts give equal vectors. */
import { hashText, seeded } from "../machine/random.ts";
import { sleep } from "../machine/clock.ts";
import { isEmbedding, prefillMs } from "../machine/pace.ts";
import type { Runner } from "../machine/runner.ts";
import type { Installed } from "../machine/store.ts";
import type { SimulatedNode } from "../node.ts";
import { refuse, wrongOption, type Refusal } from "./checks.ts";
import { needOf } from "./inference.ts";
import { countTokens, lastTokens } from "./prompt.ts";

export interface Embedding {
	model: Installed;
	inputs: readonly string[];
	options: Readonly<Record<string, unknown>>;
	keepAliveMs: number | undefined;
	truncate: boolean;
	dimensions: number | undefined;
	startedAt: number;
	signal: AbortSignal;
}

export type Embedded =
	| Refusal
	| { kind: "abandoned" }
	| { kind: "embedded"; vectors: number[][]; totalMs: number; loadMs: number; tokens: number };

export async function embed(node: SimulatedNode, wanted: Embedding): Promise<Embedded> {
	const wrong = wrongOption(wanted.options);
	if (wrong) return wrong;
	const grant = await node.scheduler.acquire(needOf({ ...wanted, shift: undefined }), wanted.signal);
	if (grant.kind !== "granted") return grant.kind === "refused" ? refuse(grant.status, grant.text) : grant;
	const { runner } = grant;
	const end = node.activity.begin(wanted.model.name, node.clock.now());
	try {
		return await embedIn(node, wanted, runner);
	} finally {
		end(node.clock.now());
		node.scheduler.release(runner);
	}
}

async function embedIn(node: SimulatedNode, wanted: Embedding, runner: Runner): Promise<Embedded> {
	const { clock, rules, timeScale, profile } = node;
	const loadMs = clock.now() - wanted.startedAt;
	const refusal = isEmbedding(wanted.model.spec) ? undefined : rules.chatModelEmbedding;
	if (refusal) return refuse(refusal.status, refusal.text);
	let tokens = 0;
	const vectors: number[][] = [];
	for (const input of wanted.inputs) {
		const length = countTokens(input);
		if (length > runner.context && !wanted.truncate) return refuse(400, "the input length exceeds the context length");
		const counted = Math.min(length, runner.context);
		const slot = await runner.slots.take(([first = 0]) => first, wanted.signal);
		if (slot === undefined) return { kind: "abandoned" };
		const duration = prefillMs(profile, wanted.model.spec, runner.gpuShare, counted) / timeScale;
		if (duration > 0) await sleep(clock, duration);
		runner.slots.release(slot);
		tokens += counted;
		vectors.push(vector(lastTokens(input, counted), wanted.dimensions ?? wanted.model.spec.embeddingLength));
	}
	return { kind: "embedded", vectors, totalMs: clock.now() - wanted.startedAt, loadMs, tokens };
}

/** Of length one, as single-precision numbers. */
function vector(text: string, dimensions: number): number[] {
	const random = seeded(hashText(text));
	const values = Array.from({ length: dimensions }, () => random() * 2 - 1);
	const norm = Math.hypot(...values) || 1;
	return values.map((value) => Math.fround(value / norm));
}

/** The shortest decimal that reads back as the same single-precision number, as Go prints a float32. */
export function shortFloat(value: number): number {
	for (let digits = 6; digits < 9; digits++) {
		const short = Number(value.toPrecision(digits));
		if (Math.fround(short) === value) return short;
	}
	return value;
}
