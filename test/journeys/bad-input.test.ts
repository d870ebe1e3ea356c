/** What nobody should send: it is refused in the caller's own dialect, the refusal says why, and the router goes on. */
import { afterAll, afterEach, beforeAll, describe, it, type ExpectStatic } from "vitest";
import { JOIN_TOKEN_HEADER } from "../../worker/protocol/heartbeat.ts";
import { beatOf, sendBeat } from "./beat.ts";
import { Household } from "./household.ts";
import { addMachine } from "./machine.ts";
import { RawClient, rawRequest, type RawRequest } from "./raw-http.ts";

const MODEL = "llama3.2:3b";
const CHAT = JSON.stringify({ model: MODEL, messages: [{ role: "user", content: "Hello" }], stream: false, options: { num_predict: 3 } });
/** Good for every route, but for a model that nobody has. */
const CHAT_WITH_NOBODY = JSON.stringify({
	model: "llama3.2:4b",
	messages: [{ role: "user", content: "Hello" }],
	prompt: "Hello",
	input: "Hello",
	max_tokens: 9,
});
const MIB = 1024 ** 2;

let household: Household;

beforeAll(async () => {
	household = await Household.start({ variables: { FLEET_MAX_BODY_MB: "1" } });
	await addMachine(household, { nodeId: "mac-mini", profile: "mac-mini", models: [MODEL], resident: [MODEL] });
	await household.ready("mac-mini");
});

/** Whatever a test sent: the router still answers everybody else, and holds no place for it. */
afterEach(async ({ expect }) => {
	const answer = await rawRequest(household.port, { path: "/api/chat", body: CHAT });
	expect(answer.status).toBe(200);
	await household.idle();
});

afterAll(() => household?.stop());

async function refused(request: RawRequest) {
	const answer = await rawRequest(household.port, request);
	return { status: answer.status, body: JSON.parse(answer.body.toString()), requestId: answer.headers.get("x-request-id") };
}

function openAiError(expect: ExpectStatic, message: unknown, type: string) {
	return expect.objectContaining({ error: { message, type, param: null, code: null } });
}

describe("a body that is no request", () => {
	it.for([
		["cut off", '{"model":"llama3.2:3b","messages":[', "unexpected EOF"],
		["no JSON", "hello", "invalid character 'h' looking for beginning of value"],
		["a bare key", "{model:1}", "invalid character 'm' looking for beginning of object key string"],
		["a list", "[]", /cannot unmarshal array into Go value/],
	] as const)("is refused in Ollama's words: %s", async ([, body, message], { expect }) => {
		const text = typeof message === "string" ? message : expect.stringMatching(message);
		expect(await refused({ path: "/api/chat", body })).toMatchObject({ status: 400, body: { error: text } });
		const openai = await refused({ path: "/v1/chat/completions", body });
		expect([openai.status, openai.body]).toEqual([400, openAiError(expect, text, "invalid_request_error")]);
	});

	it("is refused when there is none", async ({ expect }) => {
		expect(await refused({ path: "/api/chat" })).toMatchObject({ status: 400, body: { error: "missing request body" } });
		const openai = await refused({ path: "/v1/chat/completions" });
		expect([openai.status, openai.body]).toEqual([400, openAiError(expect, "EOF", "invalid_request_error")]);
	});

	it("leaves a rejected row, without any of its words", async ({ expect }) => {
		const { requestId } = await refused({ path: "/api/chat", body: '{"prompt":"a secret wish", nonsense' });
		const trace = await household.traceOf(requestId);
		expect(trace).toMatchObject({ status: "rejected", attempts: [], endpoint: "/api/chat" });
		expect(JSON.stringify(trace)).not.toContain("secret");
	});
});

describe("a model that is not there", () => {
	it.for([
		["/api/chat", 400, "model is required"],
		["/api/generate", 404, "model '' not found"],
		["/api/embed", 404, "model '' not found"],
	] as const)("is missed when none is named: %s", async ([path, status, error], { expect }) => {
		expect(await refused({ path, body: "{}" })).toMatchObject({ status, body: { error } });
	});

	it.for([
		["/api/chat", "model 'llama3.2:4b' not found"],
		["/api/generate", "model 'llama3.2:4b' not found"],
		["/api/embed", 'model "llama3.2:4b" not found, try pulling it first'],
	] as const)("is refused with Ollama's own sentence first, then what is near: %s", async ([path, sentence], { expect }) => {
		const { status, body, requestId } = await refused({ path, body: CHAT_WITH_NOBODY });
		expect(status).toBe(404);
		expect(body.error.startsWith(sentence)).toBe(true);
		expect(body.error).toContain(MODEL);
		expect(await household.traceOf(requestId)).toMatchObject({ status: "rejected", original_model: "llama3.2:4b", attempts: [] });
	});

	it("is refused in OpenAI's envelope", async ({ expect }) => {
		const { status, body } = await refused({ path: "/v1/chat/completions", body: CHAT_WITH_NOBODY });
		const message = expect.stringMatching(/^model 'llama3\.2:4b' not found/);
		expect([status, body]).toEqual([404, openAiError(expect, message, "not_found_error")]);
	});

	it("is refused in Anthropic's envelope", async ({ expect }) => {
		const { status, body } = await refused({ path: "/v1/messages", body: CHAT_WITH_NOBODY });
		const error = { type: "not_found_error", message: expect.stringMatching(/^model 'llama3\.2:4b' not found/) };
		expect([status, body]).toEqual([404, expect.objectContaining({ type: "error", error })]);
	});
});

describe("a body above the limit", () => {
	const TOO_LARGE = /request body too large: the limit is 1 MB \(FLEET_MAX_BODY_MB\)/;

	it.for(["/api/chat", "/v1/chat/completions", "/v1/messages"])(
		"is refused by its announced length, before it is sent: %s",
		async (path, { expect }) => {
			const client = await RawClient.open(household.port);
			client.send(`POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: ${MIB + 1}\r\n\r\n{"model":`);
			const answer = await client.wholeAnswer();
			client.destroy();
			expect(answer.status).toBe(413);
			expect(answer.body.toString()).toMatch(TOO_LARGE);
		},
	);

	it("is refused without an announced length as soon as it has passed the limit", async ({ expect }) => {
		const client = await RawClient.open(household.port);
		client.send("POST /api/chat HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n");
		const chunk = "x".repeat(64 * 1024);
		for (let sent = 0; sent <= MIB; sent += chunk.length) client.send(`${chunk.length.toString(16)}\r\n`, chunk, "\r\n");
		// Its end is never sent
		const answer = await client.wholeAnswer();
		client.destroy();
		expect(answer.status).toBe(413);
		expect(answer.body.toString()).toMatch(TOO_LARGE);
	});

	it("is taken when it is exactly as large as allowed", async ({ expect }) => {
		const body = CHAT.padEnd(MIB, " ");
		expect((await rawRequest(household.port, { path: "/api/chat", body })).status).toBe(200);
	});
});

describe("a heartbeat", () => {
	it.for([
		["memory.total_bytes", { memory: { total_bytes: -1, used_bytes: 0, available_bytes: 0, pressure: "normal" } }],
		["node_id", { node_id: "two words" }],
		["ollama.state", { ollama: { state: "asleep", settings: {}, models_loaded: [] } }],
		["door_url", { door_url: "ftp://machine/" }],
	] as const)("outside the contract is refused by the name of its field: %s", async ([field, wrong], { expect }) => {
		const { status, body } = await sendBeat(household.url, { ...beatOf("odd", "machine-odd"), ...wrong });
		expect([status, body.error]).toEqual([400, expect.stringContaining(`${field}: `)]);
	});

	it("that is no JSON is refused", async ({ expect }) => {
		expect(await sendBeat(household.url, "{")).toEqual({ status: 400, body: { error: "The heartbeat is not JSON" } });
	});

	it("of another protocol is told which agent to install", async ({ expect }) => {
		const { status, body } = await sendBeat(household.url, { ...beatOf("old", "machine-old"), protocol: "99.0" });
		expect([status, body.error]).toEqual([400, expect.stringMatching(/speaks protocol 99\.0.*\/agent\.tgz/)]);
	});

	it("of a known node without its secret is refused, and the node stays as it was", async ({ expect }) => {
		const joined = await sendBeat(household.url, beatOf("known", "machine-known"), { [JOIN_TOKEN_HEADER]: household.joinToken });
		expect(joined).toMatchObject({ status: 200, body: { status: "ok", secret: expect.any(String) } });
		const changed = { ...beatOf("known", "machine-known"), agent_version: "intruder" };
		expect((await sendBeat(household.url, changed)).status).toBe(401);
		expect((await sendBeat(household.url, changed, { authorization: "Bearer wrong" })).status).toBe(401);
		expect((await household.node("known"))?.agent_version).toBe("0.0.0-test");
		const secret = { authorization: `Bearer ${String(joined.body.secret)}` };
		expect(await sendBeat(household.url, beatOf("known", "machine-known"), secret)).toMatchObject({ status: 200, body: { status: "ok" } });
	});

	it("with a wrong join token is refused, and nobody waits for approval by it", async ({ expect }) => {
		const { status, body } = await sendBeat(household.url, beatOf("guesser", "machine-guesser"), { [JOIN_TOKEN_HEADER]: "guess" });
		expect([status, body.error]).toEqual([403, expect.stringContaining("join token is wrong")]);
		expect(await household.node("guesser")).toBeUndefined();
	});

	it("of another content type is refused", async ({ expect }) => {
		const { status, body } = await sendBeat(household.url, beatOf("form", "machine-form"), { "content-type": "text/plain" });
		expect([status, body.error]).toEqual([415, expect.stringContaining("application/json")]);
	});
});

describe("a caller from elsewhere", () => {
	it.for(["/api/chat", "/v1/chat/completions"])("is refused when it is a foreign page, by its name: %s", async (path, { expect }) => {
		const answer = await rawRequest(household.port, { path, headers: { Origin: "https://evil.example" }, body: CHAT });
		expect(answer.status).toBe(403);
		expect(answer.body.toString()).toMatch(/https:\/\/evil\.example.*FLEET_CORS_ORIGINS/);
		expect(answer.headers.has("access-control-allow-origin")).toBe(false);
	});

	it("is let in when it is a page on this machine", async ({ expect }) => {
		const headers = { Origin: "http://localhost:5173" };
		const answer = await rawRequest(household.port, { path: "/api/chat", headers, body: CHAT });
		expect([answer.status, answer.headers.get("access-control-allow-origin")]).toEqual([200, "http://localhost:5173"]);
	});

	it.for(["GET /fleet/status", "POST /api/chat", "GET /dashboard"])(
		"is refused under a foreign host name, with what to set: %s",
		async (line, { expect }) => {
			const [method = "", path = ""] = line.split(" ");
			const answer = await rawRequest(household.port, {
				method,
				path,
				headers: { Host: "rebound.example:11435" },
				body: method === "POST" ? CHAT : "",
			});
			expect(answer.status).toBe(403);
			expect(answer.body.toString()).toMatch(/rebound\.example.*FLEET_ALLOWED_HOSTS/);
		},
	);

	it("is let in under a local name", async ({ expect }) => {
		const answer = await rawRequest(household.port, { method: "GET", path: "/fleet/status", headers: { Host: "nas.local:11435" } });
		expect(answer.status).toBe(200);
	});
});

describe("bytes that are no HTTP", () => {
	it("end their own connection only", async ({ expect }) => {
		const client = await RawClient.open(household.port);
		client.send("\x16\x03\x01 hello\r\n\r\n");
		await client.wholeAnswer().catch(() => undefined);
		client.destroy();
		expect((await household.status()).fleet.nodes_online).toBeGreaterThan(0);
	});
});
