import { describe, it } from "vitest";
import { ENDPOINTS } from "../../../worker/dispatch/endpoints.ts";
import { continuedResponse } from "../../../worker/dispatch/forms/continued-response.ts";
import type { StreamForm } from "../../../worker/dispatch/forms/form.ts";

const ABOUT = { id: "id-1", model: "tiny", at: 1_795_454_932_500 };
const REFUSAL = { status: 503, message: 'node "a" broke off' };
const NOTHING = { head: "", tail: "" };

function formOf(path: string): StreamForm {
	const form = ENDPOINTS[path]?.streams;
	if (!form) throw new Error(`${path} has no streams`);
	return form;
}

function events(text: string): { type: string; sequence_number: number; response: { id: string; status: string; created_at: number } }[] {
	return [...text.matchAll(/^data: (.*)$/gm)].map(([, data = ""]) => JSON.parse(data));
}

describe("keep-alives", () => {
	it("are a blank and nothing else in lines of JSON", ({ expect }) => {
		const form = formOf("/api/chat");
		expect([form.opening(ABOUT), form.keepAlive(ABOUT, false), form.keepAlive(ABOUT, true)]).toEqual([" ", " ", " "]);
	});

	it("are comments in a chat, and once a minute something that counts", ({ expect }) => {
		const form = formOf("/v1/chat/completions");
		expect(form.keepAlive(ABOUT, false)).toBe(": waiting for the model\n\n");
		expect(form.opening(ABOUT)).toBe(form.keepAlive(ABOUT, false) + form.keepAlive(ABOUT, true));
		const [, data = ""] = /^data: (.*)\n\n$/.exec(form.keepAlive(ABOUT, true)) ?? [];
		expect(JSON.parse(data)).toMatchObject({
			object: "chat.completion.chunk",
			created: 1_795_454_932,
			model: "tiny",
			choices: [{ index: 0, delta: { role: "assistant", content: "" }, finish_reason: null }],
		});
	});

	it("are comments only where an empty chunk would be a token", ({ expect }) => {
		const form = formOf("/v1/completions");
		expect([form.opening(ABOUT), form.keepAlive(ABOUT, true)].every((text) => text.startsWith(": ") && !text.includes("data:"))).toBe(true);
	});

	it("are pings in Anthropic's stream, before any message too", ({ expect }) => {
		expect(formOf("/v1/messages").opening(ABOUT)).toBe('event: ping\ndata: {"type":"ping"}\n\n');
	});

	it("are events of one response that is opened first", ({ expect }) => {
		const form = formOf("/v1/responses");
		const all = events(form.opening(ABOUT) + form.keepAlive(ABOUT, false) + form.keepAlive(ABOUT, true));
		expect(all.map(({ type }) => type)).toEqual(["response.created", "response.in_progress", "response.in_progress"]);
		expect(all.map(({ sequence_number: number, response: { id } }) => [number, id])).toEqual(all.map(() => [0, "resp_id-1"]));
	});
});

describe("errors in a stream", () => {
	it("are a line of their own, behind whatever was sent", ({ expect }) => {
		const form = formOf("/api/generate");
		const line = `${JSON.stringify({ error: REFUSAL.message })}\n`;
		const behind = (tail: string) => form.error(REFUSAL, { head: tail, tail }, ABOUT);
		// An empty line would break some clients, so there must be none
		expect([behind(""), behind("  "), behind('{"done":false}\n'), behind('{"done":false}\n  ')]).toEqual([line, line, line, line]);
		expect([behind('{"don'), behind('{"done":false}')]).toEqual([`\n${line}`, `\n${line}`]);
		expect(form.cutAfterError).toBe(true);
	});

	it("are an object in OpenAI's streams, behind a blank line", ({ expect }) => {
		const form = formOf("/v1/chat/completions");
		const error = { message: REFUSAL.message, type: "api_error", param: null, code: null };
		const event = `data: ${JSON.stringify({ error })}\n\n`;
		expect(form.error(REFUSAL, NOTHING, ABOUT)).toBe(event);
		expect(form.error(REFUSAL, { head: "", tail: "data: {}\n\n" }, ABOUT)).toBe(event);
		expect(form.error(REFUSAL, { head: "", tail: "data: {}" }, ABOUT)).toBe(`\n\n${event}`);
	});

	it("keep the type that a node gave them", ({ expect }) => {
		const refusal = { status: 400, message: "no", type: "special_error" };
		expect(formOf("/v1/messages").error(refusal, NOTHING, ABOUT)).toMatch(
			/^event: error\ndata: \{"type":"error","error":\{"type":"special_error","message":"no"\}/,
		);
	});

	it("fail the response that was opened, with the next number", ({ expect }) => {
		const head = 'event: response.created\ndata: {"response":{"id":"resp_77","tools":[]},"sequence_number":0}\n\n';
		const [failed] = events(formOf("/v1/responses").error(REFUSAL, { head, tail: '"sequence_number":8,"type":"x"}\n\n' }, ABOUT));
		expect(failed).toMatchObject({
			type: "response.failed",
			sequence_number: 9,
			response: { id: "resp_77", status: "failed", error: { code: "server_error", message: REFUSAL.message } },
		});
	});

	it("open a response first when there was none, and say when another try is of no use", ({ expect }) => {
		const all = events(formOf("/v1/responses").error({ status: 400, message: "no" }, NOTHING, ABOUT));
		expect(all.map(({ type }) => type)).toEqual(["response.created", "response.failed"]);
		expect(all[1]).toMatchObject({ response: { error: { code: "invalid_prompt" } } });
	});
});

describe("a response that goes on", () => {
	const created = 'event: response.created\ndata: {"type":"response.created","response":{"id":"resp_1"}}\n\n';
	const rest =
		'event: response.completed\ndata: {"type":"response.completed","response":{"id":"resp_1","text":"\\"id\\":\\"resp_1\\" ☃"}}\n\n';

	async function through(pieces: readonly Uint8Array[]): Promise<string> {
		const source = ReadableStream.from(pieces) as ReadableStream<Uint8Array>;
		return new Response(source.pipeThrough(continuedResponse("resp_ours"))).text();
	}

	it("has one id and no second opening, however its bytes are cut", async ({ expect }) => {
		const bytes = new TextEncoder().encode(created + rest);
		const expected = rest.replace('"id":"resp_1"', '"id":"resp_ours"');
		for (const size of [1, 2, 7, 60, 1000]) {
			const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) => bytes.subarray(index * size, (index + 1) * size));
			expect(await through(pieces)).toBe(expected);
		}
	});

	it("passes as it is when it begins with something else", async ({ expect }) => {
		expect(await through([new TextEncoder().encode("data: {}\n\ndata: {}")])).toBe("data: {}\n\ndata: {}");
	});
});
