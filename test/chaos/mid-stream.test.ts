/** A machine dies in the middle of its answer: the client hears of it in the words of its API, and never takes a part for the whole. */
import { afterAll, afterEach, beforeAll, describe, it } from "vitest";
import { Household } from "../journeys/household.ts";
import { startAgentOf } from "../journeys/machine.ts";
import { type RawAnswer, RawClient, requestBytes } from "../journeys/raw-http.ts";
import { type ScriptedOllama, startScriptedOllama } from "../journeys/scripted-ollama.ts";
import { until } from "../journeys/until.ts";

const MODEL = "script:1b";
const ALIAS = "nickname";
const NDJSON = "application/x-ndjson";
const SSE = "text/event-stream";
const BROKE = 'node "script" broke off in the middle of its answer';
const JUST_ENDED = "the answer ended before it was complete: the model stopped, or repeated itself without end";

let household: Household;
let upstream: ScriptedOllama;
let client: RawClient;

beforeAll(async () => {
	household = await Household.start({ variables: { FLEET_ALIASES: JSON.stringify({ [ALIAS]: MODEL }) } });
	upstream = household.add(await startScriptedOllama(MODEL));
	household.add(await startAgentOf(household, { nodeId: "script", ollamaUrl: upstream.url, token: household.joinToken }));
	await household.ready("script");
});

afterEach(async () => {
	client.destroy();
	upstream.dropUntaken();
	await household.idle();
});

afterAll(() => household?.stop());

interface Begun {
	path: string;
	type: string;
	begun: string;
	model?: string;
	stream?: boolean;
}

/** Writes the beginning of an answer, waits until the client has it, then ends it in order or not at all. */
async function ask({ path, type, begun, model = MODEL, stream = true }: Begun, end: "dies" | "ends"): Promise<RawAnswer> {
	client = await RawClient.open(household.port);
	const messages = [{ role: "user", content: "Hello" }];
	const body = JSON.stringify({ model, stream, messages, input: "Hello", prompt: "Hello", max_tokens: 10 });
	client.send(requestBytes(household.port, { path, body }));
	const { response, socket } = await upstream.next();
	response.writeHead(200, { "content-type": type });
	if (begun === "") response.flushHeaders();
	else response.write(begun);
	await until("the client has the beginning", () => (client.answer?.body.byteLength ?? -1) >= begun.length);
	if (end === "dies") socket.destroy();
	else response.end();
	return client.wholeAnswer();
}

function added({ body }: RawAnswer, begun: string): string {
	const text = body.toString();
	if (!text.startsWith(begun)) throw new Error(`The answer does not begin as the node's did: ${text}`);
	// A blank behind the last line is the router's way to see that the line has left
	return text.slice(begun.length).replace(/\n $/, "\n");
}

const LINE = '{"model":"script:1b","message":{"content":"Hello"},"done":false}\n';
const CHUNK = 'data: {"choices":[{"index":0,"delta":{"content":"Hello"},"finish_reason":null}]}\n\n';
const DELTA = 'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hello"}}\n\n';
const CREATED =
	'event: response.created\ndata: {"response":{"created_at":1,"id":"resp_379574","model":"script:1b","output":[]},"sequence_number":0,"type":"response.created"}\n\n';
const OPENAI_ERROR = (message: string) => `data: ${JSON.stringify({ error: { message, type: "api_error", param: null, code: null } })}\n\n`;
const ERROR_LINE = `${JSON.stringify({ error: BROKE })}\n`;

describe("a machine that dies in the middle of a stream", () => {
	it("is told of in a line of its own, and the connection is cut behind it: native", async ({ expect }) => {
		const answer = await ask({ path: "/api/chat", type: NDJSON, begun: LINE }, "dies");
		expect([added(answer, LINE), answer.whole]).toEqual([ERROR_LINE, false]);
		const trace = await household.traceOf(answer.headers.get("x-request-id"));
		expect(trace).toMatchObject({ status: "failed", error_message: "the node broke off in the middle of its answer" });
	});

	it("is told of behind the end of a half line: native", async ({ expect }) => {
		const begun = LINE + LINE.slice(0, 30);
		const answer = await ask({ path: "/api/generate", type: NDJSON, begun }, "dies");
		expect([added(answer, begun), answer.whole]).toEqual([`\n${ERROR_LINE}`, false]);
	});

	it("is told of under another name of the model: native", async ({ expect }) => {
		const begun = LINE.replace(MODEL, ALIAS);
		client = await RawClient.open(household.port);
		client.send(requestBytes(household.port, { path: "/api/chat", body: JSON.stringify({ model: ALIAS, messages: [] }) }));
		const { response, socket } = await upstream.next();
		response.writeHead(200, { "content-type": NDJSON }).write(LINE);
		await until("the first line has come", () => client.answer?.body.toString() === begun);
		socket.destroy();
		expect(added(await client.wholeAnswer(), begun)).toBe(ERROR_LINE);
	});

	it.for(["/v1/chat/completions", "/v1/completions"])(
		"is told of in an error object, and the stream ends: %s",
		async (path, { expect }) => {
			const answer = await ask({ path, type: SSE, begun: CHUNK }, "dies");
			expect([added(answer, CHUNK), answer.whole]).toEqual([OPENAI_ERROR(BROKE), true]);
			expect(await household.traceOf(answer.headers.get("x-request-id"))).toMatchObject({ status: "failed" });
		},
	);

	it("is told of behind the end of a half event", async ({ expect }) => {
		const begun = CHUNK.trimEnd();
		const answer = await ask({ path: "/v1/chat/completions", type: SSE, begun }, "dies");
		expect(added(answer, begun)).toBe(`\n\n${OPENAI_ERROR(BROKE)}`);
	});

	it("is told of in an error event: Anthropic's messages", async ({ expect }) => {
		const answer = await ask({ path: "/v1/messages", type: SSE, begun: DELTA }, "dies");
		expect(added(answer, DELTA)).toMatch(
			/^event: error\ndata: \{"type":"error","error":\{"type":"api_error","message":"node \\"script\\" broke off/,
		);
		expect(answer.whole).toBe(true);
	});

	it("fails the response that the node began", async ({ expect }) => {
		const answer = await ask({ path: "/v1/responses", type: SSE, begun: CREATED }, "dies");
		const [event = "", data = ""] = added(answer, CREATED).split("\n");
		expect(event).toBe("event: response.failed");
		expect(JSON.parse(data.slice("data: ".length))).toMatchObject({
			type: "response.failed",
			sequence_number: 1,
			response: { id: "resp_379574", status: "failed", error: { code: "server_error", message: BROKE } },
		});
		expect(answer.whole).toBe(true);
	});

	it("fails a response of which there was nothing but headers", async ({ expect }) => {
		const answer = await ask({ path: "/v1/responses", type: SSE, begun: "" }, "dies");
		expect(answer.body.toString().match(/^event: .*$/gm)).toEqual(["event: response.created", "event: response.failed"]);
	});

	it("leaves one JSON object cut: there is no honest end to it", async ({ expect }) => {
		const begun = '{"model":"script:1b","message":{"content":"Hel';
		const answer = await ask({ path: "/api/chat", type: "application/json", begun, stream: false }, "dies");
		expect([answer.body.toString(), answer.whole]).toEqual([begun, false]);
		expect(await household.traceOf(answer.headers.get("x-request-id"))).toMatchObject({ status: "failed" });
	});

	it("adds nothing to an answer that was whole", async ({ expect }) => {
		const begun = `${CHUNK}data: [DONE]\n\n`;
		const answer = await ask({ path: "/v1/chat/completions", type: SSE, begun }, "dies");
		expect(answer.body.toString()).toBe(begun);
	});
});

describe("a stream that ends in order, but not with its last word", () => {
	it("passes as it is where Ollama itself ends so", async ({ expect }) => {
		const answer = await ask({ path: "/api/chat", type: NDJSON, begun: LINE }, "ends");
		expect([answer.body.toString(), answer.whole]).toEqual([LINE, true]);
		expect(await household.traceOf(answer.headers.get("x-request-id"))).toMatchObject({ status: "incomplete" });
	});

	it("passes as it is with an error line of the node's own", async ({ expect }) => {
		const begun = `${LINE}{"error":"an error was encountered while running the model: unexpected EOF"}\n`;
		const answer = await ask({ path: "/api/chat", type: NDJSON, begun }, "ends");
		expect([answer.body.toString(), answer.whole]).toEqual([begun, true]);
	});

	it.for([
		["/v1/chat/completions", CHUNK, /^data: \{"error":\{"message":"the answer ended before/],
		["/v1/completions", CHUNK, /^data: \{"error":\{"message":"the answer ended before/],
		["/v1/messages", DELTA, /^event: error\ndata: \{"type":"error"/],
		["/v1/responses", CREATED, /^event: response\.failed\ndata: /],
	] as const)("is an error where its client would take it for the whole: %s", async ([path, begun, form], { expect }) => {
		const answer = await ask({ path, type: SSE, begun }, "ends");
		const more = added(answer, begun);
		expect(more).toMatch(form);
		expect(more).toContain(JUST_ENDED);
		expect(answer.whole).toBe(true);
		expect(await household.traceOf(answer.headers.get("x-request-id"))).toMatchObject({ status: "incomplete" });
	});

	it("is not touched when it has said that it failed", async ({ expect }) => {
		const begun = CHUNK + OPENAI_ERROR("out of memory");
		const answer = await ask({ path: "/v1/chat/completions", type: SSE, begun }, "ends");
		expect(answer.body.toString()).toBe(begun);
		expect(await household.traceOf(answer.headers.get("x-request-id"))).toMatchObject({ status: "failed", error_message: "out of memory" });
	});
});
