/** A chat or a completion as every dialect asks for it, and what comes of it. */
import { hashText } from "../machine/random.ts";
import type { Runner } from "../machine/runner.ts";
import type { Installed } from "../machine/store.ts";
import type { SimulatedNode } from "../node.ts";
import { findModel, lacksCapability, refuse, wrongFormat, wrongOption, wrongTopLogprobs, type Refusal } from "./checks.ts";
import { unreachable } from "./cloud.ts";
import { load, start, type InferenceEvent, type PreparedPrompt } from "./inference.ts";
import { countTokens, dropOldest, lastTokens, renderMessages, type Message } from "./prompt.ts";

export interface Ask {
	kind: "chat" | "generate";
	model: string;
	/** Empty asks for a load, or with a keep-alive of zero for an unload. */
	messages: readonly Message[];
	/** A completion's own words: no template around them. */
	raw?: string;
	suffix?: string | undefined;
	options: Readonly<Record<string, unknown>>;
	tools: readonly unknown[];
	format: unknown;
	think: boolean | string | undefined;
	keepAliveMs: number | undefined;
	truncate: boolean | undefined;
	shift: boolean | undefined;
	logprobs: boolean;
	topLogprobs: number | undefined;
	/** Only show what the model would read. */
	renderOnly: boolean;
	images: number;
}

export type Outcome =
	| Refusal
	| { kind: "loaded"; reason: "load" | "unload" }
	| { kind: "rendered"; text: string; images: number }
	| { kind: "started"; model: Installed; events: AsyncGenerator<InferenceEvent> }
	| { kind: "abandoned" };

const BLIND =
	'{"error":{"code":400,"message":"Multimodal data provided, but model does not support multimodal requests.","type":"invalid_request_error"}}';
const TOO_LONG = "the input length exceeds the context length";

export async function ask(node: SimulatedNode, wanted: Ask, call: { startedAt: number; signal: AbortSignal }): Promise<Outcome> {
	const model = check(node, wanted);
	if ("kind" in model) return model;
	const inference = { ...call, model, options: wanted.options, shift: wanted.shift, keepAliveMs: wanted.keepAliveMs };
	if (isEmpty(wanted)) {
		if (wanted.keepAliveMs === 0) {
			node.scheduler.expire(model.spec);
			return { kind: "loaded", reason: "unload" };
		}
		const loaded = await load(node, inference);
		return loaded.kind === "loaded" ? { kind: "loaded", reason: "load" } : loaded.kind === "started" ? { kind: "abandoned" } : loaded;
	}
	if (wanted.renderOnly) return { kind: "rendered", text: render(wanted, wanted.messages, model), images: wanted.images };
	const wish = {
		seed: seedOf(node, wanted),
		random: node.random,
		thinking: model.spec.capabilities.includes("thinking") && wanted.think !== false,
		tools: wanted.messages.at(-1)?.role === "tool" ? [] : wanted.tools,
		format: wanted.format,
		cue: wanted.messages.at(-1)?.content ?? "",
		mark: node.mark,
	};
	const outcome = await start(node, { ...inference, wish, prepare: (runner) => prepare(node, wanted, model, runner) });
	return outcome.kind === "started" ? { ...outcome, model } : outcome;
}

function isEmpty({ kind, messages, raw, suffix }: Ask): boolean {
	return messages.length === 0 && !raw && (kind === "chat" || !suffix);
}

function check(node: SimulatedNode, wanted: Ask): Installed | Refusal {
	const { kind, model: name } = wanted;
	const range = wrongTopLogprobs(wanted.topLogprobs);
	if (range) return range;
	const empty = kind === "chat" ? refuse(400, "model is required") : refuse(404, "model '' not found");
	const cloud = unreachable(`/api/${kind}`, node.clock.now());
	const model = findModel(node.store, name, { empty, missing: `model '${name}' not found`, cloud });
	if ("kind" in model) return model;
	const { capabilities } = model.spec;
	// An unload needs no capability: any model may go.
	if (isEmpty(wanted) && wanted.keepAliveMs === 0) return model;
	if (!capabilities.includes("completion")) return refuse(400, `${JSON.stringify(name)} does not support ${kind}`);
	if (wanted.think !== undefined && wanted.think !== false && !capabilities.includes("thinking")) {
		return refuse(400, `${JSON.stringify(name)} does not support thinking`);
	}
	return (
		(wanted.tools.length > 0 ? lacksCapability(model, "tools") : undefined) ??
		(wanted.suffix ? lacksCapability(model, "insert") : undefined) ??
		wrongOption(wanted.options) ??
		model
	);
}

function seedOf(node: SimulatedNode, { options, messages, raw }: Ask): number {
	const seed = options["seed"];
	const prompt = hashText(raw ?? messages.map(({ role, content }) => `${role}:${content}`).join("\n"));
	return (prompt ^ Math.imul(typeof seed === "number" ? seed : node.seed, 0x9e3779b1)) >>> 0;
}

function render({ raw, suffix, tools }: Ask, messages: readonly Message[], { spec }: Installed): string {
	if (raw !== undefined) return suffix ? `${raw}<|fim_suffix|>${suffix}` : raw;
	return renderMessages(messages, tools, spec);
}

/** Fits the prompt to the runner's context, or refuses it. */
function prepare(node: SimulatedNode, wanted: Ask, model: Installed, runner: Runner): PreparedPrompt | { status: number; text: string } {
	const format = wrongFormat(wanted.format);
	if (format) return format;
	if (wanted.images > 0 && node.rules.blindModelsRefuseImages && !model.spec.capabilities.includes("vision"))
		return { status: 400, text: BLIND };
	const images = model.spec.capabilities.includes("vision") ? wanted.images : 0;
	const measure = (messages: readonly Message[]) => countTokens(render(wanted, messages, model), images);
	const messages = wanted.truncate === false ? wanted.messages : dropOldest(wanted.messages, (kept) => measure(kept) <= runner.context);
	const text = render(wanted, messages, model);
	const tokens = countTokens(text, images);
	if (tokens <= runner.context) return { text, tokens };
	return overflow(node, { wanted, model, text, tokens }, runner.context);
}

interface TooLong {
	wanted: Ask;
	model: Installed;
	text: string;
	tokens: number;
}

function overflow(
	{ rules }: SimulatedNode,
	{ wanted, model, text, tokens }: TooLong,
	context: number,
): PreparedPrompt | { status: number; text: string } {
	const insideLlamaServer = rules.llamaServer && wanted.kind === "chat" && model.spec.template === "gguf";
	if (wanted.truncate !== false && !insideLlamaServer) {
		const kept = rules.cutKeepsHalf ? Math.max(1, Math.ceil(context / 2)) : context;
		return { text: lastTokens(text, kept), tokens: kept };
	}
	if (!rules.llamaServer) return { status: 400, text: TOO_LONG };
	const size = Math.max(context, rules.smallestRunnerContext);
	const message = `request (${tokens} tokens) exceeds the available context size (${size} tokens), try increasing it`;
	return {
		status: 400,
		text: JSON.stringify({ error: { code: 400, message, type: "exceed_context_size_error", n_prompt_tokens: tokens, n_ctx: size } }),
	};
}
