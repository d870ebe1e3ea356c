/** Turns the bodies of `/v1/chat/completions` and `/v1/completions` into what the models are asked. */
import type { Ask } from "../inference/ask.ts";
import type { Message } from "../inference/prompt.ts";
import type { VersionRules } from "../machine/version-rules.ts";
import { GoSyntaxError } from "../wire/go-decode.ts";
import type { GoStruct, GoType } from "../wire/go-struct.ts";
import { asRecord, count, flag, list, optionalText, record, text, type Body } from "./fields.ts";

const SAMPLING: Readonly<Record<string, GoType>> = {
	model: "string",
	stream: "bool",
	stream_options: { object: "openai.StreamOptions", fields: { include_usage: "bool" } },
	max_tokens: "int",
	seed: "int",
	stop: "any",
	temperature: "float64",
	top_p: "float64",
	frequency_penalty: "float64",
	presence_penalty: "float64",
	_debug_render_only: "bool",
};

export const CHAT_COMPLETION_REQUEST: GoStruct = {
	package: "openai",
	name: "ChatCompletionRequest",
	fields: {
		...SAMPLING,
		messages: { list: { object: "openai.Message" }, name: "[]openai.Message" },
		response_format: { object: "openai.ResponseFormat" },
		tools: { list: "any", name: "[]api.Tool" },
		reasoning: { object: "openai.Reasoning", fields: { effort: "string" } },
		reasoning_effort: "string",
		logprobs: "bool",
		top_logprobs: "int",
	},
};

export const COMPLETION_REQUEST: GoStruct = {
	package: "openai",
	name: "CompletionRequest",
	fields: { ...SAMPLING, prompt: "string", suffix: "string", logprobs: "int" },
};

/** A request that must be refused before any model is looked up. */
export class BadRequest extends GoSyntaxError {}

/** What these dialects can't ask for. */
export const NOTHING_ELSE: Omit<Ask, "kind" | "model" | "messages" | "options"> = {
	tools: [],
	format: undefined,
	think: undefined,
	keepAliveMs: undefined,
	truncate: undefined,
	shift: undefined,
	logprobs: false,
	topLogprobs: undefined,
	renderOnly: false,
	images: 0,
};

export function chatCompletionAsk(body: Body, rules: VersionRules): Ask {
	const messages = list(body, "messages").map((value) => openaiMessage(asRecord(value)));
	if (messages.length === 0) throw new BadRequest("[] is too short - 'messages'");
	return {
		...NOTHING_ELSE,
		kind: "chat",
		model: text(body, "model"),
		messages,
		options: samplingOptions(body),
		tools: list(body, "tools"),
		format: responseFormat(body),
		think: effort(optionalText(record(body, "reasoning"), "effort") ?? optionalText(body, "reasoning_effort"), rules),
		logprobs: flag(body, "logprobs") ?? false,
		topLogprobs: count(body, "top_logprobs"),
		renderOnly: flag(body, "_debug_render_only") ?? false,
		images: messages.reduce((sum, message) => sum + message.images, 0),
	};
}

export function completionAsk(body: Body): Ask {
	const prompt = text(body, "prompt");
	const suffix = optionalText(body, "suffix");
	const base: Ask = { ...NOTHING_ELSE, kind: "generate", model: text(body, "model"), messages: [], options: samplingOptions(body), suffix };
	if (suffix) return { ...base, raw: prompt };
	return prompt === "" ? base : { ...base, messages: [{ role: "user", content: prompt, images: 0 }] };
}

function samplingOptions(body: Body): Record<string, unknown> {
	const stop = body["stop"];
	const options: Record<string, unknown> = { temperature: count(body, "temperature") ?? 1, top_p: count(body, "top_p") ?? 1 };
	if (count(body, "max_tokens") !== undefined) options["num_predict"] = body["max_tokens"];
	if (count(body, "seed") !== undefined) options["seed"] = body["seed"];
	if (typeof stop === "string") options["stop"] = [stop];
	else if (Array.isArray(stop)) options["stop"] = stop;
	return options;
}

function responseFormat(body: Body): unknown {
	const format = record(body, "response_format");
	if (format["type"] === "json_object") return "json";
	return format["type"] === "json_schema" ? record(format, "json_schema")["schema"] : undefined;
}

const LEVELS: Readonly<Record<string, string | false>> = {
	none: false,
	minimal: "low",
	low: "low",
	medium: "medium",
	high: "high",
	max: "max",
	xhigh: "max",
	ultra: "max",
};

export function effort(value: string | undefined, rules: VersionRules): boolean | string | undefined {
	if (value === undefined || value === "") return undefined;
	if (rules.reasoningEfforts.includes(value)) return LEVELS[value];
	const known = rules.reasoningEfforts.map((one) => JSON.stringify(one));
	const { effortQuote: quote } = rules;
	throw new BadRequest(
		`invalid reasoning value: ${quote}${value}${quote} (must be ${known.slice(0, -1).join(", ")}, or ${known.at(-1) ?? ""})`,
	);
}

function openaiMessage(body: Body): Message {
	const content = body["content"];
	const role = text(body, "role");
	const calls = list(body, "tool_calls");
	const said = calls.length > 0 ? JSON.stringify(calls) : "";
	if (!Array.isArray(content)) return { role, content: (typeof content === "string" ? content : "") + said, images: 0 };
	const parts = content.map(asRecord);
	return { role, content: parts.map((part) => text(part, "text")).join("") + said, images: parts.filter(isImage).length };
}

function isImage(part: Body): boolean {
	if (part["type"] !== "image_url") return false;
	const image = part["image_url"];
	const url = typeof image === "string" ? image : text(asRecord(image), "url");
	if (/^https?:/.test(url)) throw new BadRequest("image URLs are not currently supported, please use base64 encoded data instead");
	if (!url.startsWith("data:")) throw new BadRequest("invalid image input");
	return true;
}
