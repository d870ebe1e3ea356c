import { describe, it } from "vitest";
import { readCounters } from "../../../worker/dispatch/counters.ts";
import { measuredOf } from "../../../worker/dispatch/measured.ts";

const times = { sentAt: 1000, firstByteAt: 1400, endedAt: 2400, streamed: true, resident: true, stream: { bytes: 0, tail: "" } };
const event = (text: string) => `data: {"choices":[{"delta":{"content":"${text}"}}]}\n\n`;

describe("what an answer shows of a node's speed", () => {
	it("is Ollama's own counters where there are any", ({ expect }) => {
		const line =
			'{"done":true,"total_duration":5000000,"load_duration":1000000,"prompt_eval_count":9,"prompt_eval_duration":2000000,"eval_count":4,"eval_duration":3000000}\n';
		expect(measuredOf(readCounters(line, "application/x-ndjson"), times)).toEqual({
			promptTokens: 9,
			outputTokens: 4,
			prefillMs: 2,
			decodeMs: 3,
			loadMs: 1,
			totalMs: 5,
		});
	});

	it("is the clock's where an API tells tokens and no times", ({ expect }) => {
		const tail = 'data: {"usage":{"prompt_tokens":9,"completion_tokens":100}}\n\ndata: [DONE]\n\n';
		expect(measuredOf(readCounters(tail, "text/event-stream"), times)).toMatchObject({
			promptTokens: 9,
			outputTokens: 100,
			prefillMs: 400,
			decodeMs: 1000,
		});
	});

	it("does not take a load for the reading of a prompt", ({ expect }) => {
		expect(measuredOf(readCounters("data: [DONE]\n\n", "text/event-stream"), { ...times, resident: false }).prefillMs).toBeUndefined();
	});

	it("says nothing of the phases of an answer that came whole", ({ expect }) => {
		const counters = readCounters('{"usage":{"prompt_tokens":9,"completion_tokens":100}}', "application/json");
		const measured = measuredOf(counters, { ...times, streamed: false });
		expect(measured).toMatchObject({ outputTokens: 100, totalMs: 1400 });
		expect(measured).not.toHaveProperty("decodeMs");
	});

	it("counts events where no usage was asked for: one a token, as long as the last ones", ({ expect }) => {
		const whole = Array.from({ length: 300 }, (_, index) => event(`w${index % 10}`)).join("");
		const stream = { bytes: whole.length, tail: whole.slice(-2048) };
		const { outputTokens = 0 } = measuredOf(readCounters(stream.tail, "text/event-stream"), { ...times, stream });
		expect(Math.abs(outputTokens - 300)).toBeLessThan(10);
	});
});
