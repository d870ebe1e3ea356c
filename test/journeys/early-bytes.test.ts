/** A stream that is long in coming is begun by the router: what its client gets before, instead of and behind the node's own. */
import { afterAll, afterEach, beforeAll, describe, it } from "vitest";
import { bodyOf, EarlyHousehold, earlyHead, errorBody, expectedHead } from "./early-household.ts";
import { until } from "./until.ts";

const NDJSON = "application/x-ndjson";
const SSE = "text/event-stream";
const JSON_TYPE = "application/json";

let home: EarlyHousehold;

beforeAll(async () => {
	home = await EarlyHousehold.start();
});
afterEach(() => home.tidy());
afterAll(() => home?.household.stop());

const LINES = '{"message":{"content":"Hi"},"done":false}\n{"message":{"content":""},"done":true,"done_reason":"stop","eval_count":2}\n';
const CHUNKS = 'data: {"choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n';
const EVENTS =
	'event: message_start\ndata: {"type":"message_start","message":{"id":"msg_1","content":[]}}\n\nevent: message_stop\ndata: {"type":"message_stop"}\n\n';
const responseEvent = (type: string, number: number, response: object) =>
	`event: ${type}\ndata: ${JSON.stringify({ response: { id: "resp_379574", ...response }, sequence_number: number, type })}\n\n`;
const RESPONSE =
	responseEvent("response.created", 0, { status: "in_progress" }) +
	responseEvent("response.in_progress", 1, { status: "in_progress" }) +
	responseEvent("response.completed", 2, { status: "completed" });
const COMMENT = /^: waiting for the model\n\n/gm;

/** Per dialect: a keep-alive, a whole answer, and the error in the stream. */
const STREAMS = [
	{
		path: "/api/chat",
		type: NDJSON,
		keepAlive: / /g,
		answer: LINES,
		error: /^ +\{"error":"it hurts"\}\n $|^ +\{"error":"it hurts"\}\n$/,
		whole: false,
	},
	{ path: "/api/generate", type: NDJSON, keepAlive: / /g, answer: LINES, error: /^ +\{"error":"it hurts"\}\n ?$/, whole: false },
	{
		path: "/v1/chat/completions",
		type: SSE,
		keepAlive: COMMENT,
		answer: CHUNKS,
		error: /\n\ndata: \{"error":\{"message":"it hurts","type":"invalid_request_error","param":null,"code":null\}\}\n\n$/,
		whole: true,
	},
	{
		path: "/v1/completions",
		type: SSE,
		keepAlive: COMMENT,
		answer: CHUNKS,
		error: /\n\ndata: \{"error":\{"message":"it hurts","type":"invalid_request_error","param":null,"code":null\}\}\n\n$/,
		whole: true,
	},
	{
		path: "/v1/messages",
		type: SSE,
		keepAlive: /^event: ping\ndata: \{"type":"ping"\}\n\n/gm,
		answer: EVENTS,
		error:
			/\n\nevent: error\ndata: \{"type":"error","error":\{"type":"invalid_request_error","message":"it hurts"\},"request_id":"req_\w+"\}\n\n$/,
		whole: true,
	},
	{
		path: "/v1/responses",
		type: SSE,
		keepAlive: /^event: response\.in_progress\n/gm,
		answer: RESPONSE,
		error: /\n\nevent: response\.failed\ndata: \{.*"error":\{"code":"invalid_prompt","message":"it hurts"\}.*\}\n\n$/,
		whole: true,
	},
] as const;

describe.for(STREAMS)("a stream that is long in coming: $path", ({ path, type, keepAlive, answer, error, whole }) => {
	it("has the node's answer behind the keep-alives, and a trace like any other", async ({ expect }) => {
		const { client, arrived } = await home.kept({ path, stream: true }, keepAlive);
		const before = bodyOf(client);
		arrived.response.writeHead(200, { "content-type": type }).end(answer);
		const got = await client.wholeAnswer();
		expect(earlyHead(got)).toEqual(expectedHead(type));
		expect(got.whole).toBe(true);
		if (path !== "/v1/responses") expect(got.body.toString().endsWith(answer)).toBe(true);
		expect(got.body.toString().startsWith(before)).toBe(true);
		const trace = await home.household.traceOf(got.headers.get("x-request-id"));
		expect(trace).toMatchObject({ status: "completed", node_id: "script", retry_count: 0 });
		expect(trace.time_to_first_token_ms).toBeGreaterThan(50);
	});

	it("has the node's refusal as an error of its own", async ({ expect }) => {
		const { client, arrived } = await home.kept({ path, stream: true }, keepAlive);
		arrived.response.writeHead(400, { "content-type": JSON_TYPE }).end(errorBody(path));
		const got = await client.wholeAnswer();
		expect(earlyHead(got)).toEqual(expectedHead(type));
		expect([got.body.toString(), got.whole]).toEqual([expect.stringMatching(error), whole]);
		expect(await home.household.traceOf(got.headers.get("x-request-id"))).toMatchObject({ status: "failed", node_id: "script" });
	});

	it("has another node's answer when the first one fails behind the keep-alives", async ({ expect }) => {
		const { model, hot, cold } = await home.newPair();
		const { client, arrived } = await home.kept({ path, stream: true, model }, keepAlive, hot);
		arrived.socket.resetAndDestroy();
		(await cold.next()).response.writeHead(200, { "content-type": type }).end(answer);
		const got = await client.wholeAnswer();
		expect(got.whole).toBe(true);
		expect(await home.household.traceOf(got.headers.get("x-request-id"))).toMatchObject({
			status: "completed",
			node_id: `cold-${model.split(":")[0]}`,
			retry_count: 1,
		});
	});

	it("stops at the node when its client leaves", async ({ expect }) => {
		const { client, arrived } = await home.kept({ path, stream: true }, keepAlive);
		client.leave();
		await until("the node is told", () => arrived.socket.destroyed);
		const trace = await home.household.traceOf(client.answer?.headers.get("x-request-id"));
		expect(trace).toMatchObject({ status: "client_disconnected", node_id: "script", error_message: null });
	});
});

describe("a stream of response events", () => {
	it("is one response, opened once, under one id, with rising numbers", async ({ expect }) => {
		const { client, arrived } = await home.kept({ path: "/v1/responses", stream: true }, /^event: response\.in_progress\n/gm);
		// The first event comes in two pieces, cut in the middle of the id
		const cut = RESPONSE.indexOf("379574");
		arrived.response.writeHead(200, { "content-type": SSE }).write(RESPONSE.slice(0, cut));
		arrived.response.end(RESPONSE.slice(cut));
		const text = (await client.wholeAnswer()).body.toString();
		const events = [...text.matchAll(/^data: (.*)$/gm)].map(
			([, data = ""]) => JSON.parse(data) as { type: string; sequence_number: number; response: { id: string } },
		);
		expect(events.map(({ type }) => type).filter((type) => type !== "response.in_progress")).toEqual([
			"response.created",
			"response.completed",
		]);
		expect(new Set(events.map(({ response }) => response.id)).size).toBe(1);
		const numbers = events.map((event) => event.sequence_number);
		expect(numbers).toEqual(numbers.toSorted((one, other) => one - other));
	});
});

describe("a stream that dies behind its keep-alives", () => {
	it("ends with the error line, cut", async ({ expect }) => {
		const { client, arrived } = await home.kept({ path: "/api/chat", stream: true }, / /g);
		const [first = ""] = LINES.split(/(?<=\n)/);
		arrived.response.writeHead(200, { "content-type": NDJSON }).write(first);
		await until("the line has come", () => bodyOf(client).endsWith(first));
		arrived.socket.destroy();
		const got = await client.wholeAnswer();
		expect(got.body.toString().trim()).toBe(first + JSON.stringify({ error: 'node "script" broke off in the middle of its answer' }));
		expect(got.whole).toBe(false);
	});

	it("fails the response that the router opened", async ({ expect }) => {
		const { client, arrived } = await home.kept({ path: "/v1/responses", stream: true }, /^event: response\.in_progress\n/gm);
		arrived.response
			.writeHead(200, { "content-type": SSE })
			.write(responseEvent("response.created", 0, {}) + responseEvent("response.in_progress", 1, {}));
		await until("the node's event has come", () => bodyOf(client).includes('"sequence_number":1'));
		arrived.socket.destroy();
		const text = (await client.wholeAnswer()).body.toString();
		expect(text.match(/^event: .*$/gm)?.at(-1)).toBe("event: response.failed");
		expect(new Set(text.match(/"id":"resp_[^"]+"/g)).size).toBe(1);
	});
});
