/** A good request for every inference route, and the words of all dialects, for bad ones to be made from. */
import { MODELS } from "../pair.ts";

const MESSAGES = [{ role: "user", content: "Hello" }];
const FEW = { num_predict: 4 };
const SHORT = { max_tokens: 4 };

const GOOD: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
	"/api/chat": { model: MODELS.chat, messages: MESSAGES, stream: false, options: FEW },
	"/api/generate": { model: MODELS.chat, prompt: "Hello", stream: false, options: FEW },
	"/api/embed": { model: MODELS.embeds, input: "Hello", options: {} },
	"/api/embeddings": { model: MODELS.embeds, prompt: "Hello", options: {} },
	"/v1/chat/completions": { model: MODELS.chat, messages: MESSAGES, ...SHORT },
	"/v1/completions": { model: MODELS.chat, prompt: "Hello", ...SHORT },
	"/v1/embeddings": { model: MODELS.embeds, input: "Hello" },
	"/v1/responses": { model: MODELS.chat, input: "Hello", max_output_tokens: 4 },
	"/v1/messages": { model: MODELS.chat, messages: MESSAGES, ...SHORT },
};

export const ROUTES = Object.keys(GOOD);

/** Enough for the route, and the answer is short. */
export function goodRequest(path: string): Readonly<Record<string, unknown>> {
	const request = GOOD[path];
	if (!request) throw new Error(`No good request is known for ${path}`);
	return request;
}

/** Every key that some route reads, and every key of the router's own. */
export const KNOWN_KEYS = [
	"model messages prompt input stream options format tools keep_alive think suffix system template raw images context truncate",
	"shift dimensions logprobs top_logprobs max_tokens max_completion_tokens temperature top_p stop seed n user tool_choice",
	"response_format stream_options reasoning_effort reasoning frequency_penalty presence_penalty encoding_format echo best_of",
	"instructions max_output_tokens text include store previous_response_id parallel_tool_calls metadata thinking stop_sequences top_k",
	"fallback_models fallback name",
].flatMap((line) => line.split(" "));

/** Names that are no model's here, in every odd form. */
export const ODD_NAMES = [
	"a/b/c/d",
	"a/b/c/d/e/f:g",
	":tag",
	"name:",
	":",
	"/",
	"//",
	"a//b",
	"x".repeat(300),
	`${"x".repeat(100)}:${"y".repeat(100)}`,
	"llama3.1:8b:cloud",
	"llama3.1:cloud",
	"gpt-oss:120b-cloud",
	"llama3.1:local",
	"llama3.1:8b-local",
	":cloud",
	":local",
	" llama3.1:8b",
	"llama3.1:8b ",
	"LLAMA3.1:8B",
	"library/llama3.1:8b",
	"registry.ollama.ai/library/llama3.1:8b",
	"http://registry.ollama.ai/library/llama3.1:8b",
	"https://llama3.1:8b",
	"other.host/library/llama3.1:8b",
	"other.host:5000/library/llama3.1:8b",
	"llama3.1",
	"llama3.1:8b@sha256:0000",
	"../../etc/passwd",
	"..",
	".hidden",
	"-dash",
	"_under",
	"na\u0000me",
	"na\nme",
	'na"me',
	"na'me",
	"na\\me",
	"na%20me",
	"<script>",
	"☃",
	"模型:最新",
	"\u{1F999}llama",
	"llama3.1:8b\u200b",
	"constructor",
	"__proto__",
	"toString:latest",
	"nomic-embed-text",
	"nomic-embed-text:latest",
	"",
	" ",
] as const;
