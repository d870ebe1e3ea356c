import { describe, it } from "vitest";
import { readCounters } from "../../../worker/dispatch/counters.ts";

const NDJSON = "application/x-ndjson";
const SSE = "text/event-stream";
const LAST =
	'{"model":"m","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop","total_duration":9,"load_duration":2000000,"prompt_eval_count":42,"prompt_eval_duration":9,"eval_count":8,"eval_duration":5000000}\n';

describe("counters", () => {
	it("reads Ollama's last line", ({ expect }) => {
		expect(readCounters(LAST, NDJSON)).toEqual({
			promptTokens: 42,
			completionTokens: 8,
			loadMs: 2,
			prefillMs: 0.000009,
			decodeMs: 5,
			totalMs: 0.000009,
			finishReason: "stop",
			finished: true,
			error: undefined,
		});
	});

	it("knows a whole answer by its totals when a long context pushed `done` out of sight", ({ expect }) => {
		expect(readCounters('12,13,14],"total_duration":5,"eval_count":3}\n', NDJSON)).toMatchObject({ finished: true, completionTokens: 3 });
	});

	it("is not fooled by a model that talks about the protocol", ({ expect }) => {
		const line = '{"message":{"content":"say \\"done\\":true and \\"eval_count\\":99"},"done":false}\n';
		expect(readCounters(line, NDJSON)).toMatchObject({ finished: false, completionTokens: undefined });
	});

	it("reads an error line at the end of a stream", ({ expect }) => {
		const tail = '{"message":{"content":"a"},"done":false}\n{"error":"an error was encountered while running the model: unexpected EOF"}\n';
		expect(readCounters(tail, NDJSON)).toMatchObject({
			finished: false,
			error: "an error was encountered while running the model: unexpected EOF",
		});
	});

	it("reads OpenAI's usage, and `[DONE]` as the end", ({ expect }) => {
		const usage = 'data: {"choices":[],"usage":{"prompt_tokens":5,"completion_tokens":7,"total_tokens":12}}\n\ndata: [DONE]\n\n';
		expect(readCounters(usage, SSE)).toMatchObject({ promptTokens: 5, completionTokens: 7, finished: true });
		expect(readCounters('data: {"choices":[{"delta":{"content":"a"}}]}\n\n', SSE).finished).toBe(false);
	});

	it("takes one JSON object that has ended as whole", ({ expect }) => {
		const body = '{"id":"x","choices":[{"finish_reason":"length"}],"usage":{"prompt_tokens":1,"completion_tokens":2}}\n';
		expect(readCounters(body, "application/json")).toMatchObject({ finished: true, finishReason: "length", completionTokens: 2 });
	});
});
