/** The model routes in real workerd, with nobody in the fleet: the router's own words, and who may say what. */
import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, it } from "vitest";
import { app } from "../../worker/app.ts";

interface Asked {
	body?: unknown;
	auth?: "open" | "keys";
	key?: string;
	headers?: Record<string, string>;
}

async function ask(line: string, { body, auth = "open", key, headers = {} }: Asked = {}) {
	const [method = "GET", path = "/"] = line.split(" ");
	const sent = new Headers({ host: "localhost", ...headers });
	if (key !== undefined) sent.set("authorization", `Bearer ${key}`);
	const request = new Request(`http://localhost${path}`, {
		method,
		headers: sent,
		...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
	});
	const response = await app.fetch(request, { ...env, FLEET_AUTH: auth }, createExecutionContext());
	return { status: response.status, headers: response.headers, text: await response.text() };
}

const error = (text: string) => (JSON.parse(text) as { error: unknown }).error;

describe("one model of /v1/models", () => {
	it.for(["nope", "nope:7b", "hf.co/someone/nope:Q4_K_M", "hf.co%2Fsomeone%2Fnope:Q4_K_M"])(
		"is not found under %s in OpenAI's envelope with Ollama's sentence first",
		async (name, { expect }) => {
			const { status, text } = await ask(`GET /v1/models/${name}`);
			expect(status).toBe(404);
			const plain = decodeURIComponent(name);
			expect(error(text)).toMatchObject({ type: "not_found_error", code: null, param: null });
			const sentence = `model '${plain.includes(":") ? plain : `${plain}:latest`}' not found`;
			expect(error(text)).toMatchObject({ message: `${sentence}: no machine has joined this fleet yet` });
		},
	);
});

describe("/v1/models", () => {
	it("has Codex's second list for Codex alone", async ({ expect }) => {
		const plain = await ask("GET /v1/models");
		expect(plain.text).toBe('{"object":"list","data":null}\n');
		expect(plain.headers.get("content-type")).toBe("application/json");
		expect(JSON.parse((await ask("GET /v1/models?client_version=0.169.0")).text)).toHaveProperty("models", []);
		const originator = { originator: "codex_cli_rs" };
		expect(JSON.parse((await ask("GET /v1/models", { headers: originator })).text)).toHaveProperty("models", []);
	});
});

describe("without any machine", () => {
	it.for([
		["POST /api/show", { model: "nope" }, 404, "model 'nope:latest' not found: no machine has joined this fleet yet"],
		["POST /api/show", {}, 400, "model is required"],
		["POST /api/show", "", 400, "missing request body"],
		["POST /api/show", "{", 400, "unexpected EOF"],
		["DELETE /api/delete", { name: "nope" }, 404, "model 'nope' not found: no machine has joined this fleet yet"],
		["POST /api/copy", { source: "nope", destination: "x" }, 404, 'model "nope" not found: no machine has joined this fleet yet'],
		["POST /api/pull", { model: "nope" }, 503, "no node can pull model 'nope' now: no machine has joined this fleet yet"],
		["POST /api/pull", { model: "nope", node_id: "x" }, 404, "Node 'x' not found or offline"],
		["DELETE /api/delete", { model: "nope", node_id: "x" }, 404, "Node 'x' not found or offline"],
		["POST /api/create", { model: "m", from: "n" }, 503, "no node can make model 'm' now: no machine has joined this fleet yet"],
		["DELETE /fleet/pulls/someone/nope:7b", undefined, 404, 'The router is not pulling a model named "someone/nope:7b"'],
		["POST /api/blobs/sha256:0", "bytes", 503, "no node can take a file now: no machine has joined this fleet yet"],
	] as const)("%s %o is answered %i in the router's words", async ([line, body, status, message], { expect }) => {
		const answer = await ask(line, { body });
		expect({ status: answer.status, error: error(answer.text) }).toEqual({ status, error: message });
	});
});

describe("managing models", () => {
	it.for([
		"DELETE /fleet/pulls/nope:7b",
		"POST /api/pull",
		"POST /api/push",
		"POST /api/create",
		"POST /api/copy",
		"DELETE /api/delete",
		"POST /api/blobs/sha256:0",
	])("%s is the admin's where keys are required, and anybody's where nothing is", async (line, { expect }) => {
		const refused = await ask(line, { body: {}, auth: "keys" });
		expect(refused).toMatchObject({ status: 401, text: expect.stringContaining("admin key") });
		expect((await ask(line, { body: {}, auth: "keys", key: "admin-key-of-the-tests" })).status).not.toBe(401);
		expect((await ask(line, { body: {} })).status).not.toBe(401);
	});

	it("knows no GET of a blob", async ({ expect }) => {
		const { status, headers } = await ask("GET /api/blobs/sha256:0");
		expect({ status, allow: headers.get("allow") }).toEqual({ status: 405, allow: "HEAD, POST" });
		expect((await ask("HEAD /api/blobs/sha256:0", { auth: "keys" })).status).toBe(401);
	});
});

describe("counting tokens", () => {
	it("estimates, and says so", async ({ expect }) => {
		const body = { model: "m", system: "s".repeat(400), messages: [{ role: "user", content: "x".repeat(400) }] };
		const { status, headers, text } = await ask("POST /v1/messages/count_tokens?beta=true", { body });
		expect({ status, estimated: headers.get("x-fleet-estimated") }).toEqual({ status: 200, estimated: "true" });
		expect(JSON.parse(text)).toEqual({ input_tokens: 204 });
	});

	it("refuses in Anthropic's envelope what has no messages", async ({ expect }) => {
		const { status, text } = await ask("POST /v1/messages/count_tokens", { body: { model: "m" } });
		expect(status).toBe(400);
		expect(JSON.parse(text)).toMatchObject({ type: "error", error: { type: "invalid_request_error" } });
	});
});

describe("/api/status", () => {
	it("is as Ollama's", async ({ expect }) => {
		expect((await ask("GET /api/status")).text).toBe('{"cloud":{"disabled":false,"source":"none"}}');
	});
});
