/** One inference from the scheduler to the last token: the part that all dialects share. */
import type { Installed } from "../machine/store.ts";
import { QUEUE_FULL, type Need } from "../machine/scheduler.ts";
import type { Runner } from "../machine/runner.ts";
import type { SimulatedNode } from "../node.ts";
import { answer, type AnswerWish, type Piece } from "./answer.ts";
import { generation, type Counters, type GenerationEvent, type Shop } from "./generation.ts";

export interface PreparedPrompt {
	text: string;
	tokens: number;
}

export interface Inference {
	model: Installed;
	options: Readonly<Record<string, unknown>>;
	shift: boolean | undefined;
	keepAliveMs: number | undefined;
	wish: AnswerWish;
	/** Renders the prompt once the runner's context is known; a text is a refusal with its status. */
	prepare(runner: Runner): PreparedPrompt | { status: number; text: string };
	startedAt: number;
	signal: AbortSignal;
}

export interface Metrics extends Counters {
	totalMs: number;
	loadMs: number;
}

export type InferenceEvent =
	| { kind: "piece"; piece: Piece; token: string }
	| { kind: "done"; reason: "stop" | "length"; metrics: Metrics; prompt: PreparedPrompt }
	| { kind: "error"; text: string }
	/** The stream just ends. */
	| { kind: "end" };

export type Started =
	| { kind: "refused"; status: number; text: string; inRunner: boolean }
	| { kind: "started"; events: AsyncGenerator<InferenceEvent> }
	| { kind: "abandoned" };

const DIED_BEFORE =
	"model runner has unexpectedly stopped, this may be due to resource limitations or an internal error, check ollama server logs for details";
const DIED_AFTER = "an error was encountered while running the model: unexpected EOF";

/** Resolves with the first token in hand, because nothing may be sent before. */
export async function start(node: SimulatedNode, inference: Inference): Promise<Started> {
	if (node.faults.queueFull) return { kind: "refused", status: 503, text: QUEUE_FULL, inRunner: false };
	const grant = await node.scheduler.acquire(needOf(inference), inference.signal);
	if (grant.kind !== "granted") return grant.kind === "refused" ? { ...grant, inRunner: false } : grant;
	const events = run(node, inference, grant.runner);
	const first = await events.next();
	if (first.done) return { kind: "abandoned" };
	if (first.value.kind === "refusal") {
		await events.return(undefined);
		return { kind: "refused", status: first.value.status, text: first.value.text, inRunner: true };
	}
	return { kind: "started", events: rest(first.value, events) };
}

/** Loads a model, or lets one go, without asking it anything. */
export async function load(node: SimulatedNode, inference: Omit<Inference, "prepare" | "wish">): Promise<Started | { kind: "loaded" }> {
	const grant = await node.scheduler.acquire(needOf(inference), inference.signal);
	if (grant.kind === "refused") return { ...grant, inRunner: false };
	if (grant.kind === "granted") node.scheduler.release(grant.runner);
	return grant.kind === "granted" ? { kind: "loaded" } : grant;
}

export function needOf({ model, options, shift, keepAliveMs }: Omit<Inference, "prepare" | "wish">): Need {
	const asked = shift === undefined ? { options } : { options, shift };
	return { name: model.name, model: model.spec, digest: model.digest, asked, keepAliveMs };
}

type RunEvent = InferenceEvent | { kind: "refusal"; status: number; text: string };

async function* run(node: SimulatedNode, inference: Inference, runner: Runner): AsyncGenerator<RunEvent, undefined> {
	const loadMs = node.clock.now() - inference.startedAt;
	const end = node.activity.begin(inference.model.name, node.clock.now());
	try {
		const prompt = inference.prepare(runner);
		if ("status" in prompt) return yield { kind: "refusal", status: prompt.status, text: prompt.text };
		let spoken = false;
		for await (const event of generation(shopOf(node), jobOf(inference, runner, prompt))) {
			yield translate(event, { node, inference, loadMs, prompt, spoken });
			spoken = true;
		}
	} finally {
		end(node.clock.now());
		node.scheduler.release(runner);
	}
}

interface Told {
	node: SimulatedNode;
	inference: Inference;
	loadMs: number;
	prompt: PreparedPrompt;
	spoken: boolean;
}

function translate(event: GenerationEvent, { node, inference, loadMs, prompt, spoken }: Told): RunEvent {
	switch (event.kind) {
		case "piece":
			return spoken ? event : lengthened(event, node.faults.longTokenCharacters);
		case "finished": {
			const totalMs = node.clock.now() - inference.startedAt;
			return { kind: "done", reason: event.reason, metrics: { ...event.counters, totalMs, loadMs }, prompt };
		}
		case "given-up":
			return { kind: "end" };
		case "died":
			return spoken ? { kind: "error", text: DIED_AFTER } : { kind: "refusal", status: 500, text: DIED_BEFORE };
	}
}

/** A single token that fills a long line, when that is asked for. */
function lengthened(event: Extract<GenerationEvent, { kind: "piece" }>, characters: number): RunEvent {
	const { piece } = event;
	return piece.kind === "content" ? { ...event, piece: { ...piece, text: piece.text.padEnd(characters, "-") } } : event;
}

async function* rest(first: InferenceEvent, events: AsyncGenerator<RunEvent, undefined>): AsyncGenerator<InferenceEvent> {
	try {
		yield first;
		for await (const event of events) if (event.kind !== "refusal") yield event;
	} finally {
		await events.return(undefined);
	}
}

function shopOf(node: SimulatedNode): Shop {
	return {
		...node,
		othersBusy: (runner) => node.scheduler.runners.filter((other) => other !== runner && other.slots.busy > 0).length,
	};
}

function jobOf({ model, options, wish, signal }: Inference, runner: Runner, prompt: PreparedPrompt) {
	const { num_predict: limit, stop } = { ...model.spec.parameters, ...options };
	return {
		runner,
		signal,
		prompt: prompt.text,
		promptTokens: prompt.tokens,
		pieces: answer(model.spec, wish),
		maxTokens: typeof limit === "number" ? limit : undefined,
		stops: Array.isArray(stop) ? stop.map(String) : typeof stop === "string" ? [stop] : [],
	};
}
