/** The answer "Hello there" as Ollama streams it over each API, in two pieces. */

export const MODEL = "script:1b";

/** A line of an answer that goes on, and its last. */
export const lines = (key: object) => [
	`${JSON.stringify({ model: MODEL, ...key, done: false })}\n`,
	`${JSON.stringify({ model: MODEL, ...key, done: true, done_reason: "stop", eval_count: 2 })}\n`,
];
const data = (value: object) => `data: ${JSON.stringify(value)}\n\n`;
const event = (value: { type: string }) => `event: ${value.type}\n${data(value)}`;
export const chunk = (choice: object) =>
	data({ id: "chatcmpl-1", object: "chat.completion.chunk", created: 1, model: MODEL, choices: [{ index: 0, ...choice }] });
/** OpenAI's chat. */
export const CHUNKS = [
	chunk({ delta: { role: "assistant", content: "Hello " }, finish_reason: null }),
	`${chunk({ delta: { content: "there" }, finish_reason: null })}${chunk({ delta: {}, finish_reason: "stop" })}data: [DONE]\n\n`,
];
/** Anthropic's messages. */
export const EVENTS = [
	event({
		type: "message_start",
		message: { id: "msg_1", type: "message", role: "assistant", model: MODEL, content: [], usage: { input_tokens: 1, output_tokens: 0 } },
	} as { type: string }) +
		event({ type: "content_block_start", index: 0, content_block: { type: "text", text: "" } } as { type: string }) +
		event({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "Hello " } } as { type: string }),
	event({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "there" } } as { type: string }) +
		event({ type: "content_block_stop", index: 0 } as { type: string }) +
		event({ type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 2 } } as { type: string }) +
		event({ type: "message_stop" }),
];
const item = (status: string, content: object[]) => ({ id: "msg_1", type: "message", status, role: "assistant", content });
const part = (text: string) => ({ type: "output_text", text, annotations: [], logprobs: [] });
const responseObject = (status: string, output: object[]) => ({
	id: "resp_379574",
	object: "response",
	created_at: 1,
	status,
	model: MODEL,
	output,
	error: null,
	incomplete_details: null,
	instructions: null,
	metadata: {},
	parallel_tool_calls: true,
	temperature: 1,
	tool_choice: "auto",
	tools: [],
	top_p: 1,
	usage: null,
});
const numbered = (events: readonly object[], from: number) =>
	events.map((value, index) => event({ ...value, sequence_number: from + index } as unknown as { type: string })).join("");
const at = { output_index: 0, content_index: 0, item_id: "msg_1" };
/** OpenAI's responses. */
export const RESPONSES = [
	numbered(
		[
			{ type: "response.created", response: responseObject("in_progress", []) },
			{ type: "response.in_progress", response: responseObject("in_progress", []) },
			{ type: "response.output_item.added", output_index: 0, item: item("in_progress", []) },
			{ type: "response.content_part.added", ...at, part: part("") },
			{ type: "response.output_text.delta", ...at, delta: "Hello ", logprobs: [] },
		],
		0,
	),
	numbered(
		[
			{ type: "response.output_text.delta", ...at, delta: "there", logprobs: [] },
			{ type: "response.output_text.done", ...at, text: "Hello there", logprobs: [] },
			{ type: "response.content_part.done", ...at, part: part("Hello there") },
			{ type: "response.output_item.done", output_index: 0, item: item("completed", [part("Hello there")]) },
			{ type: "response.completed", response: responseObject("completed", [item("completed", [part("Hello there")])]) },
		],
		5,
	),
];
