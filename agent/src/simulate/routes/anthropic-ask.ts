/** Turns a body of `/v1/messages` into what the models are asked. */
import type { Ask } from "../inference/ask.ts";
import type { Message } from "../inference/prompt.ts";
import type { ModelStore } from "../machine/store.ts";
import type { GoStruct } from "../wire/go-struct.ts";
import { asRecord, count, list, optionalText, record, text, type Body } from "./fields.ts";
import { BadRequest, NOTHING_ELSE } from "./openai-ask.ts";

export const MESSAGES_REQUEST: GoStruct = {
	package: "anthropic",
	name: "MessagesRequest",
	fields: {
		model: "string",
		max_tokens: "int",
		messages: { list: { object: "anthropic.MessageParam" }, name: "[]anthropic.MessageParam" },
		system: "any",
		stream: "bool",
		temperature: "float64",
		top_p: "float64",
		top_k: "int",
		stop_sequences: { list: "string", name: "[]string" },
		tools: { list: { object: "anthropic.Tool" }, name: "[]anthropic.Tool" },
		thinking: { object: "anthropic.ThinkingConfig" },
		output_config: { object: "anthropic.OutputConfig" },
	},
};

export function messagesAsk(body: Body, store: ModelStore): Ask {
	const model = text(body, "model");
	if (model === "") throw new BadRequest("model is required");
	if ((count(body, "max_tokens") ?? 0) <= 0) throw new BadRequest("max_tokens is required and must be positive");
	if (list(body, "messages").length === 0) throw new BadRequest("messages is required");
	const messages = [...systemMessage(body["system"]), ...list(body, "messages").flatMap((value) => anthropicMessages(asRecord(value)))];
	return {
		...NOTHING_ELSE,
		kind: "chat",
		model,
		messages,
		options: options(body),
		tools: list(body, "tools").map((value) => openaiTool(asRecord(value))),
		// Asked of a model without it, thinking is dropped, not refused.
		think: store.find(model)?.spec.capabilities.includes("thinking") ? think(body) : undefined,
		images: messages.reduce((sum, message) => sum + message.images, 0),
	};
}

function options(body: Body): Record<string, unknown> {
	const named = { num_predict: "max_tokens", temperature: "temperature", top_p: "top_p", top_k: "top_k" };
	const numbers = Object.entries(named).filter(([, key]) => count(body, key) !== undefined);
	const stops = list(body, "stop_sequences");
	return { ...Object.fromEntries(numbers.map(([option, key]) => [option, body[key]])), ...(stops.length > 0 && { stop: stops }) };
}

const EFFORTS: Readonly<Record<string, string>> = { low: "low", medium: "medium", high: "high", max: "max", xhigh: "high" };

function think(body: Body): boolean | string | undefined {
	const type = text(record(body, "thinking"), "type");
	if (type === "enabled") return true;
	if (type === "disabled") return false;
	return EFFORTS[text(record(body, "output_config"), "effort")];
}

function systemMessage(system: unknown): Message[] {
	const content =
		typeof system === "string" ? system : Array.isArray(system) ? system.map((block) => text(asRecord(block), "text")).join("") : "";
	return content === "" ? [] : [{ role: "system", content, images: 0 }];
}

/** Results of tools become messages of their own. */
function anthropicMessages(body: Body): Message[] {
	const role = text(body, "role");
	const content = body["content"];
	if (!Array.isArray(content)) return [{ role, content: typeof content === "string" ? content : "", images: 0 }];
	const blocks = content.map(asRecord);
	const results = blocks.filter(({ type }) => type === "tool_result");
	const others = blocks.filter(({ type }) => type !== "tool_result");
	const own = others.length > 0 ? [ownMessage(role, others)] : [];
	return [...own, ...results.map((block): Message => ({ role: "tool", content: JSON.stringify(block["content"] ?? ""), images: 0 }))];
}

function ownMessage(role: string, blocks: readonly Body[]): Message {
	const thinking = blocks.map((block) => optionalText(block, "thinking") ?? "").join("");
	const calls = blocks.filter(({ type }) => type === "tool_use").map((block) => JSON.stringify(block["input"] ?? {}));
	return {
		role,
		content: [...blocks.map((block) => text(block, "text")), ...calls].join(""),
		images: blocks.filter(({ type }) => type === "image").length,
		...(thinking !== "" && { thinking }),
	};
}

function openaiTool(tool: Body): Body {
	return { type: "function", function: { name: tool["name"], description: tool["description"], parameters: tool["input_schema"] } };
}

/** The guess that the first event of a stream carries: a quarter of the characters of the request. */
export function guessInputTokens(body: Body): number {
	const parts = [body["system"], ...list(body, "messages").map((message) => asRecord(message)["content"]), ...list(body, "tools")].filter(
		(part) => part !== undefined,
	);
	const characters = parts.reduce<number>((sum, part) => sum + (typeof part === "string" ? part : JSON.stringify(part)).length, 0);
	return Math.max(1, Math.ceil((characters + "user".length) / 4));
}
