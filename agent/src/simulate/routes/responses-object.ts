/** The body of `/v1/responses`, and the object it answers with. */
import type { Ask } from "../inference/ask.ts";
import type { Metrics } from "../inference/inference.ts";
import type { Message } from "../inference/prompt.ts";
import type { VersionRules } from "../machine/version-rules.ts";
import type { GoStruct } from "../wire/go-struct.ts";
import { asRecord, count, list, optionalText, record, text, type Body } from "./fields.ts";
import { effort, NOTHING_ELSE } from "./openai-ask.ts";

export const RESPONSES_REQUEST: GoStruct = {
	package: "openai",
	name: "ResponsesRequest",
	fields: {
		model: "string",
		input: "any",
		instructions: "string",
		max_output_tokens: "int",
		reasoning: { object: "openai.ResponsesReasoning", fields: { effort: "string", summary: "string" } },
		temperature: "float64",
		top_p: "float64",
		text: { object: "openai.ResponsesText" },
		tools: { list: { object: "openai.ResponsesTool" }, name: "[]openai.ResponsesTool" },
		truncation: "string",
		stream: "bool",
		include: { list: "string", name: "[]string" },
		background: "bool",
	},
};

/** An entry of `output`. */
export type Output = Record<string, unknown> & { id: string; type: string };

export function responsesAsk(body: Body, rules: VersionRules): Ask {
	const instructions = text(body, "instructions");
	const input = body["input"];
	const asked: Message[] =
		typeof input === "string"
			? [{ role: "user", content: input, images: 0 }]
			: list(body, "input").flatMap((item) => inputItem(asRecord(item)));
	const system: Message[] = instructions === "" ? [] : [{ role: "system", content: instructions, images: 0 }];
	const messages = [...system, ...asked];
	return {
		...NOTHING_ELSE,
		kind: "chat",
		model: text(body, "model"),
		messages,
		options: options(body),
		tools: list(body, "tools")
			.map(asRecord)
			.filter(({ type }) => type === "function")
			.map((tool) => ({ type: "function", function: tool })),
		format: textFormat(body),
		think: effort(optionalText(record(body, "reasoning"), "effort"), rules),
		images: messages.reduce((sum, message) => sum + message.images, 0),
	};
}

function options(body: Body): Record<string, unknown> {
	const limit = count(body, "max_output_tokens");
	return {
		temperature: count(body, "temperature") ?? 1,
		top_p: count(body, "top_p") ?? 1,
		...(limit !== undefined && { num_predict: limit }),
	};
}

function textFormat(body: Body): unknown {
	const format = record(record(body, "text"), "format");
	if (format["type"] === "json_object") return "json";
	return format["type"] === "json_schema" ? format["schema"] : undefined;
}

function inputItem(item: Body): Message[] {
	if (item["type"] === "function_call_output") return [{ role: "tool", content: text(item, "output"), images: 0 }];
	if (item["type"] === "function_call") return [{ role: "assistant", content: text(item, "arguments"), images: 0 }];
	if (item["type"] === "reasoning") return [];
	const content = item["content"];
	if (typeof content === "string") return [{ role: text(item, "role"), content, images: 0 }];
	const parts = list(item, "content").map(asRecord);
	return [
		{
			role: text(item, "role"),
			content: parts.map((part) => text(part, "text")).join(""),
			images: parts.filter(({ type }) => type === "input_image").length,
		},
	];
}

interface Parts {
	body: Body;
	id: string;
	createdAt: number;
	/** Absent while it is being answered. */
	completedAt: number | undefined;
	output: readonly Output[];
	metrics: Metrics | undefined;
}

export function responseObject({ body, id, createdAt, completedAt, output, metrics }: Parts): Record<string, unknown> {
	const reasoning = record(body, "reasoning");
	return {
		id,
		object: "response",
		created_at: createdAt,
		completed_at: completedAt ?? null,
		status: completedAt === undefined ? "in_progress" : "completed",
		incomplete_details: null,
		model: text(body, "model"),
		previous_response_id: null,
		instructions: optionalText(body, "instructions") ?? null,
		output,
		error: null,
		tools: list(body, "tools").map((tool) => echoedTool(asRecord(tool))),
		tool_choice: "auto",
		truncation: optionalText(body, "truncation") ?? "disabled",
		parallel_tool_calls: true,
		text: { format: body["text"] === undefined ? { type: "text" } : record(body, "text")["format"] },
		top_p: count(body, "top_p") ?? 1,
		presence_penalty: 0,
		frequency_penalty: 0,
		top_logprobs: 0,
		temperature: count(body, "temperature") ?? 1,
		reasoning: Object.keys(reasoning).length > 0 ? { effort: reasoning["effort"] ?? null, summary: reasoning["summary"] ?? null } : null,
		usage: completedAt === undefined ? null : usage(metrics),
		max_output_tokens: count(body, "max_output_tokens") ?? null,
		max_tool_calls: null,
		store: false,
		background: body["background"] ?? false,
		service_tier: "default",
		metadata: {},
		safety_identifier: null,
		prompt_cache_key: null,
	};
}

function echoedTool(tool: Body): Body {
	return {
		type: tool["type"],
		name: tool["name"],
		description: tool["description"] ?? null,
		strict: tool["strict"] ?? null,
		parameters: tool["parameters"],
	};
}

function usage(metrics: Metrics | undefined) {
	const [input, output] = [metrics?.promptTokens ?? 0, metrics?.evalTokens ?? 0];
	return {
		input_tokens: input,
		output_tokens: output,
		total_tokens: input + output,
		input_tokens_details: { cached_tokens: 0 },
		output_tokens_details: { reasoning_tokens: 0 },
	};
}
