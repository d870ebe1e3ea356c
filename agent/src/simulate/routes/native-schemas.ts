/** The bodies of Ollama's own inference routes. */
import type { GoStruct, GoType } from "../wire/go-struct.ts";

const MESSAGE: GoType = {
	object: "api.Message",
	fields: {
		role: "string",
		content: "string",
		thinking: "string",
		images: { list: "string", name: "[]api.ImageData" },
		tool_calls: { list: "any", name: "[]api.ToolCall" },
		tool_name: "string",
		tool_call_id: "string",
	},
};

const SHARED: Readonly<Record<string, GoType>> = {
	model: "string",
	stream: "bool",
	format: "any",
	keep_alive: "any",
	options: { object: "map[string]interface {}" },
	think: "any",
	truncate: "bool",
	shift: "bool",
	logprobs: "bool",
	top_logprobs: "int",
	_debug_render_only: "bool",
};

export const GENERATE_REQUEST: GoStruct = {
	package: "api",
	name: "GenerateRequest",
	fields: {
		...SHARED,
		prompt: "string",
		suffix: "string",
		system: "string",
		template: "string",
		context: { list: "int", name: "[]int" },
		raw: "bool",
		images: { list: "string", name: "[]api.ImageData" },
	},
};

export const CHAT_REQUEST: GoStruct = {
	package: "api",
	name: "ChatRequest",
	fields: { ...SHARED, messages: { list: MESSAGE, name: "[]api.Message" }, tools: { list: "any", name: "api.Tools" } },
};

export const EMBED_REQUEST: GoStruct = {
	package: "api",
	name: "EmbedRequest",
	fields: {
		model: "string",
		input: "any",
		truncate: "bool",
		dimensions: "int",
		keep_alive: "any",
		options: { object: "map[string]interface {}" },
	},
};

export const EMBEDDINGS_REQUEST: GoStruct = {
	package: "api",
	name: "EmbeddingRequest",
	fields: { model: "string", prompt: "string", keep_alive: "any", options: { object: "map[string]interface {}" } },
};
