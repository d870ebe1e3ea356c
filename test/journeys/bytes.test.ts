/** What leaves a node is what a client gets, and what a client sends is what a node gets: byte for byte, chunk by chunk. */
import { afterAll, afterEach, beforeAll, describe, it, type ExpectStatic } from "vitest";
import { Household } from "./household.ts";
import { startAgentOf } from "./machine.ts";
import { RawClient, rawRequest, requestBytes, type RawAnswer } from "./raw-http.ts";
import { type Arrived, type ScriptedOllama, startScriptedOllama } from "./scripted-ollama.ts";
import { until } from "./until.ts";

const MODEL = "script:1b";
const CHAT = JSON.stringify({ model: MODEL, messages: [{ role: "user", content: "Hello" }] });
const NDJSON = "application/x-ndjson";
const SSE = "text/event-stream";
const JSON_TYPE = "application/json; charset=utf-8";

let household: Household;
let upstream: ScriptedOllama;
let clients: RawClient[] = [];

beforeAll(async () => {
	// What the router may change in a body is switched off: there is nothing left to be changed
	household = await Household.start({ variables: { FLEET_CONTEXT_PROTECTION: "passthrough", FLEET_KEEP_ALIVE: "client" } });
	upstream = household.add(await startScriptedOllama(MODEL));
	household.add(await startAgentOf(household, { nodeId: "script", ollamaUrl: upstream.url, token: household.joinToken }));
	await household.ready("script");
});

/** A test that failed in the middle must not hold the machine's one place. */
afterEach(async () => {
	for (const client of clients) client.destroy();
	clients = [];
	upstream.dropUntaken();
	await household.idle();
});

afterAll(() => household?.stop());

async function connect(): Promise<RawClient> {
	const client = await RawClient.open(household.port);
	clients.push(client);
	return client;
}

/** Sends a request and hands its arrival at the node over. */
async function ask(path: string, { body = CHAT, headers = {} }: { body?: string | Uint8Array; headers?: Record<string, string> } = {}) {
	const client = await connect();
	client.send(requestBytes(household.port, { path, headers, body }));
	return { client, arrived: await upstream.next() };
}

/** The answer to chunks that a node writes one after the other, each of its own accord. */
async function relayed(path: string, contentType: string, chunks: readonly Uint8Array[]): Promise<RawAnswer> {
	const { client, arrived } = await ask(path);
	arrived.response.writeHead(200, { "content-type": contentType });
	for (const chunk of chunks) await write(arrived, chunk);
	arrived.response.end();
	const answer = await client.wholeAnswer();
	return answer;
}

function write({ response }: Arrived, chunk: Uint8Array): Promise<void> {
	return new Promise((resolve) => response.write(chunk, () => resolve()));
}

function expectSame(expect: ExpectStatic, answer: RawAnswer, contentType: string, chunks: readonly Uint8Array[]): void {
	expect(answer.status).toBe(200);
	expect(answer.headers.get("content-type")).toBe(contentType);
	expect(answer.whole).toBe(true);
	expect(answer.body.equals(Buffer.concat(chunks))).toBe(true);
}

const SNOWMAN = Buffer.from('{"message":{"content":"☃ 日本"},"done":false}\n');
const DONE = Buffer.from('{"model":"script:1b","message":{"content":""},"done":true,"done_reason":"stop","eval_count":3}\n');
const LONG = Buffer.from(`{"context":[${Array.from({ length: 60_000 }, (_, index) => index).join(",")}],"done":false}\n`);
const SSE_END = Buffer.from('data: {"choices":[],"usage":{"completion_tokens":3}}\n\ndata: [DONE]\n\n');

const ODD_BODIES: Record<string, { path: string; type: string; chunks: Uint8Array[] }> = {
	"characters split over chunks": {
		path: "/api/chat",
		type: NDJSON,
		chunks: [SNOWMAN.subarray(0, 25), SNOWMAN.subarray(25, 26), SNOWMAN.subarray(26), DONE],
	},
	"a line of 350 kB": { path: "/api/chat", type: NDJSON, chunks: [LONG, DONE] },
	"empty lines and spaces": {
		path: "/api/chat",
		type: NDJSON,
		chunks: [Buffer.from("\n\n  \r\n"), SNOWMAN, Buffer.from("\n"), DONE, Buffer.from("\n\n")],
	},
	"bytes that are no text": {
		path: "/api/chat",
		type: NDJSON,
		chunks: [Buffer.from([0x00, 0xff, 0xfe, 0xc3, 0x28, 0x0a, 0x80, 0x0d]), DONE],
	},
	"no line end at the end": { path: "/api/chat", type: NDJSON, chunks: [SNOWMAN, DONE.subarray(0, -1)] },
	"two lines in a chunk": { path: "/api/chat", type: NDJSON, chunks: [Buffer.concat([SNOWMAN, SNOWMAN, DONE])] },
	events: { path: "/v1/chat/completions", type: SSE, chunks: [Buffer.from('data: {"choices":[{"delta":{"content":"☃"}}]}\n\n'), SSE_END] },
	"events with comments, carriage returns and split characters": {
		path: "/v1/chat/completions",
		type: SSE,
		chunks: [
			Buffer.from(": hello\r\n\r\ndata: ☃".slice(0, -1)),
			Buffer.from([0xe2, 0x98]),
			Buffer.from([0x83]),
			Buffer.from("\r\n\r\n\n\n"),
			SSE_END,
		],
	},
};

describe("an answer", () => {
	it.for(Object.entries(ODD_BODIES))("passes untouched: %s", async ([, { path, type, chunks }], { expect }) => {
		expectSame(expect, await relayed(path, type, chunks), type, chunks);
	});

	it.for([
		["/api/chat", NDJSON, '{"message":{"content":"first"},"done":false}\n'],
		["/v1/chat/completions", SSE, 'data: {"choices":[{"delta":{"content":"first"}}]}\n\n'],
	] as const)("reaches the client chunk by chunk, each before the next exists: %s", async ([path, type, first], { expect }) => {
		const { client, arrived } = await ask(path);
		arrived.response.writeHead(200, { "content-type": type });
		let expected = "";
		for (const chunk of [first, first.replace("first", "second"), first.replace("first", "third")]) {
			arrived.response.write(chunk);
			expected += chunk;
			// The next chunk is not written before this one has come through
			await until(`the client has ${expected.length} bytes`, () => client.answer?.body.toString() === expected);
		}
		arrived.response.end();
		expect((await client.wholeAnswer()).whole).toBe(true);
	});

	it("keeps the Content-Length that the node gave", async ({ expect }) => {
		const { client, arrived } = await ask("/api/chat");
		const body = '{"model":"script:1b","message":{"content":"☃"},"done":true}';
		arrived.response.writeHead(200, { "content-type": JSON_TYPE, "content-length": Buffer.byteLength(body) }).end(body);
		const answer = await client.wholeAnswer();
		expect(answer.headers.get("content-length")).toBe(String(Buffer.byteLength(body)));
		expect(answer.headers.has("transfer-encoding")).toBe(false);
		expect(answer.body.toString()).toBe(body);
	});

	it("keeps the node's own headers beside the router's", async ({ expect }) => {
		const { client, arrived } = await ask("/api/chat");
		arrived.response.writeHead(200, { "content-type": NDJSON, "x-from-ollama": "yes" }).end(DONE);
		const answer = await client.wholeAnswer();
		expect(answer.headers.get("x-from-ollama")).toBe("yes");
		expect(answer.headers.get("x-fleet-node")).toBe("script");
	});
});

describe("a refusal of the node's own", () => {
	it.for([
		[400, '{"error":"\\"script:1b\\" does not support thinking"}', JSON_TYPE],
		[404, '{"error":"model \'script:1b\' not found"}', JSON_TYPE],
		[400, "400 Bad Request: odd \u00a0 words", "text/plain; charset=utf-8"],
	] as const)("is relayed as it is: %i %s", async ([status, body, type], { expect }) => {
		const { client, arrived } = await ask("/api/chat");
		arrived.response.writeHead(status, { "content-type": type, "content-length": Buffer.byteLength(body) }).end(body);
		const answer = await client.wholeAnswer();
		expect([answer.status, answer.body.toString(), answer.headers.get("content-type")]).toEqual([status, body, type]);
		const trace = await household.traceOf(answer.headers.get("x-request-id"));
		expect(trace).toMatchObject({ status: "failed", retry_count: 0, node_id: "script" });
	});
});

describe("a request", () => {
	const ODD_REQUESTS: Record<string, string | Buffer> = {
		"odd spacing and key order": `  {"messages" : [ {"content":"a\\u00e9\\n☃","role":"user"} ],\n\t"model":"${MODEL}" , "stream":false}  `,
		"unknown and repeated fields": `{"model":"${MODEL}","messages":[],"x":1,"x":2,"options":{"num_ctx":8192,"temperature":1.0,"big":12345678901234567890}}`,
		"more behind the first value": `{"model":"${MODEL}","messages":[]} trailing words`,
		"bytes that are not UTF-8 in a string": Buffer.concat([
			Buffer.from(`{"model":"${MODEL}","prompt":"`),
			Buffer.from([0xff, 0xc3, 0x28]),
			Buffer.from('"}'),
		]),
	};

	it.for(Object.entries(ODD_REQUESTS))("reaches the node untouched: %s", async ([, body], { expect }) => {
		const { client, arrived } = await ask("/api/chat", { body });
		arrived.response.writeHead(200, { "content-type": NDJSON }).end(DONE);
		await client.wholeAnswer();
		expect(arrived.path).toBe("/api/chat");
		expect(arrived.body.equals(Buffer.from(body))).toBe(true);
	});

	it("is put together from its chunks", async ({ expect }) => {
		const client = await connect();
		const head = `POST /api/chat HTTP/1.1\r\nHost: 127.0.0.1:${household.port}\r\nTransfer-Encoding: chunked\r\n\r\n`;
		const [first, second] = [CHAT.slice(0, 20), CHAT.slice(20)];
		client.send(head, `${first.length.toString(16)}\r\n${first}\r\n`, `${second.length.toString(16)}\r\n${second}\r\n0\r\n\r\n`);
		const arrived = await upstream.next();
		arrived.response.writeHead(200, { "content-type": NDJSON }).end(DONE);
		await client.wholeAnswer();
		expect(arrived.body.toString()).toBe(CHAT);
	});

	it("keeps its content type and query, and loses its secrets on the way", async ({ expect }) => {
		const headers = {
			"Content-Type": "application/x-www-form-urlencoded",
			Authorization: "Bearer client-secret",
			Cookie: "a=b",
			"X-Custom": "kept",
		};
		const { client, arrived } = await ask("/api/chat?debug=1&x=%20y", { headers });
		arrived.response.writeHead(200, { "content-type": NDJSON }).end(DONE);
		await client.wholeAnswer();
		expect(arrived.path).toBe("/api/chat?debug=1&x=%20y");
		expect(arrived.headers).toMatchObject({ "content-type": "application/x-www-form-urlencoded", "x-custom": "kept" });
		expect(arrived.headers).not.toHaveProperty("authorization");
		expect(arrived.headers).not.toHaveProperty("cookie");
		expect(arrived.headers.host).toMatch(/^localhost:\d+$/);
	});

	it("leaves its connection open for the next", async ({ expect }) => {
		const client = await connect();
		for (let turn = 1; turn <= 2; turn++) {
			const before = client.received.byteLength;
			client.send(requestBytes(household.port, { path: "/api/chat", body: CHAT }));
			const arrived = await upstream.next();
			const body = `{"turn":${turn},"done":true}`;
			arrived.response.writeHead(200, { "content-type": JSON_TYPE, "content-length": body.length }).end(body);
			await until(`answer ${turn} has come`, () => client.received.subarray(before).toString().endsWith(body));
		}
		expect(client.closed).toBe(false);
	});

	it("may ask for a path that only looks like one of Ollama's, and is told", async ({ expect }) => {
		expect((await rawRequest(household.port, { path: "/api/nothing", body: CHAT })).status).toBe(404);
		expect((await rawRequest(household.port, { method: "GET", path: "/api/chat" })).status).toBe(405);
	});
});
