import { describe, it } from "vitest";
import { ENDPOINTS } from "../../../worker/dispatch/endpoints.ts";
import { type ParsedRequest, parseRequest } from "../../../worker/dispatch/parse-request.ts";
import { dialectOf, RouterError } from "../../../worker/errors.ts";

function parse(body: string, path = "/api/chat", headers: Record<string, string> = {}): ParsedRequest {
	const endpoint = ENDPOINTS[path];
	if (!endpoint) throw new Error(path);
	const bytes = new TextEncoder().encode(body);
	return parseRequest({
		id: "1",
		path,
		endpoint,
		dialect: dialectOf(path),
		body: bytes,
		headers: new Headers(headers),
		arrivedAt: 0,
		secret: "s",
	});
}

function refusal(body: string, path = "/api/chat") {
	try {
		return parse(body, path);
	} catch (error) {
		return error instanceof RouterError ? error.refusal : error;
	}
}

describe("reading a request", () => {
	it("streams unless told otherwise on Ollama's routes, and only when told on OpenAI's", ({ expect }) => {
		expect(parse('{"model":"m"}').stream).toBe(true);
		expect(parse('{"model":"m","stream":false}').stream).toBe(false);
		expect(parse('{"model":"m"}', "/v1/chat/completions").stream).toBe(false);
	});

	it("matches keys without regard to case and stops after the first value, as Go does", ({ expect }) => {
		expect(parse('{"MODEL":"m","Stream":false} trailing')).toMatchObject({ model: "m", stream: false });
	});

	it.for([
		["", "missing request body"],
		['{"model": x}', "invalid character 'x' looking for beginning of value"],
		['{"model":"m"', "unexpected EOF"],
		["{'model':1}", "invalid character '\\'' looking for beginning of object key string"],
		['{"model" "m"}', "invalid character '\"' after object key"],
		['{"a":1 "b":2}', "invalid character '\"' after object key:value pair"],
		["[1 2]", "invalid character '2' after array element"],
		['{"a":tru}', "invalid character '}' in literal true (expecting 'e')"],
		['{"model":""}', "model is required"],
	] as const)("answers %j as Ollama words it", ([body, message], { expect }) => {
		expect(refusal(body)).toMatchObject({ status: 400, message });
	});

	it("words an empty body as OpenAI's layer does on its routes", ({ expect }) => {
		expect(refusal("", "/v1/chat/completions")).toMatchObject({ status: 400, message: "EOF" });
	});

	it("answers a missing model as each route does", ({ expect }) => {
		expect(refusal('{"prompt":"x"}', "/api/generate")).toEqual({ status: 404, message: "model '' not found" });
		expect(refusal("{}", "/api/embed")).toEqual({ status: 404, message: "model '' not found" });
	});

	it("takes tags from body, header and user in that order, each once", ({ expect }) => {
		const body = JSON.stringify({ model: "m", user: "ann", metadata: { tags: ["a", "b", ""] } });
		expect(parse(body, "/api/chat", { "x-herd-tags": "b, c" }).tags).toEqual(["a", "b", "c", "user:ann"]);
	});

	it("estimates tokens from messages, parts, prompts and inputs", ({ expect }) => {
		expect(parse(JSON.stringify({ model: "m", messages: [{ role: "user", content: "x".repeat(384) }] })).promptTokens).toBe(100);
		expect(parse(JSON.stringify({ model: "m", prompt: "x".repeat(400) }), "/api/generate").promptTokens).toBe(100);
		expect(parse(JSON.stringify({ model: "m", input: ["x".repeat(200), "y".repeat(200)] }), "/api/embed").promptTokens).toBe(100);
		expect(parse('{"model":"m"}').promptTokens).toBe(1);
	});

	it.for([
		["/api/chat", { messages: [{ role: "user", content: "x", images: ["aGk="] }] }, true],
		["/api/generate", { prompt: "x", images: ["aGk="] }, true],
		["/v1/chat/completions", { messages: [{ role: "user", content: [{ type: "image_url", image_url: { url: "data:" } }] }] }, true],
		["/v1/messages", { messages: [{ role: "user", content: [{ type: "image", source: {} }] }] }, true],
		["/v1/responses", { input: [{ role: "user", content: [{ type: "input_image" }] }] }, true],
		["/api/chat", { messages: [{ role: "user", content: "x", images: [] }], images: ["aGk="] }, false],
		["/api/embed", { input: "x", images: ["aGk="] }, false],
		["/v1/chat/completions", { messages: [{ role: "user", content: "x", images: ["aGk="] }] }, false],
	] as const)("sees images where %s has a place for them: %j, %s", ([path, fields, expected], { expect }) => {
		expect(parse(JSON.stringify({ model: "m", ...fields }), path).needsVision).toBe(expected);
	});

	it("counts text at any depth without growing the stack", ({ expect }) => {
		const depth = 20_000;
		const body = `{"model":"m","prompt":${"[".repeat(depth)}"${"x".repeat(400)}"${"]".repeat(depth)}}`;
		expect(parse(body, "/api/generate").promptTokens).toBe(100);
	});

	it("finds the model of an upload in its form", ({ expect }) => {
		const form =
			'--b\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\nContent-Type: audio/wav\r\n\r\nRIFF\r\n--b\r\nContent-Disposition: form-data; name="model"\r\n\r\ngemma4:e4b\r\n--b--\r\n';
		const headers = { "content-type": "multipart/form-data; boundary=b" };
		expect(parse(form, "/v1/audio/transcriptions", headers)).toMatchObject({ model: "gemma4:e4b", stream: false });
	});

	it("keeps what a client may make long within bounds", ({ expect }) => {
		const tags = Array.from({ length: 100 }, (_, index) => `${index}-${"x".repeat(1000)}`);
		const parsed = parse(
			JSON.stringify({ model: "m", metadata: { tags: [...tags, { toString: 1 }, 7] }, fallback_models: ["a".repeat(1000), "b"] }),
		);
		expect(parsed.tags).toHaveLength(32);
		expect(parsed.tags.every((tag) => tag.length <= 200)).toBe(true);
		expect(parsed.fallbacks).toEqual(["b"]);
		expect(refusal(JSON.stringify({ model: "m".repeat(401) }))).toMatchObject({ status: 404 });
	});

	it("reads a form of any shape in one go", ({ expect }) => {
		const wild = `name="model"\r\n${"x: y\r\n".repeat(50_000)}`;
		const bytes = new TextEncoder().encode(wild);
		const endpoint = ENDPOINTS["/v1/audio/transcriptions"];
		if (!endpoint) throw new Error("no such route");
		const headers = new Headers({ "content-type": "multipart/form-data; boundary=b" });
		const read = () =>
			parseRequest({
				id: "1",
				path: "/v1/audio/transcriptions",
				endpoint,
				dialect: "openai",
				body: bytes,
				headers,
				arrivedAt: 0,
				secret: "s",
			});
		expect(read).toThrow("model is required");
	});
});

describe("the class of a request", () => {
	const classOf = (headers: Record<string, string>) => parse('{"model":"m"}', "/api/chat", headers).requestClass;

	it("is the header's word, else a tag's, else a person's", ({ expect }) => {
		expect(classOf({ "x-fleet-class": "batch" })).toBe("batch");
		expect(classOf({ "x-herd-tags": "nightly,agent" })).toBe("agent");
		expect(classOf({ "x-fleet-class": "interactive", "x-herd-tags": "batch" })).toBe("interactive");
		expect(classOf({ "x-fleet-class": "whatever", "x-herd-tags": "batching" })).toBe("interactive");
	});
});

describe("who sends a request", () => {
	const sender = (headers: Record<string, string>) => parse('{"model":"m"}', "/api/chat", headers);

	it("is told apart by key, of which nothing can be read, else by the first tag", ({ expect }) => {
		const one = sender({ authorization: "Bearer sk-one" });
		expect(one.client).toBe(sender({ "x-api-key": "sk-one" }).client);
		expect(one.client).not.toBe(sender({ authorization: "Bearer sk-two" }).client);
		expect(one.client).not.toContain("sk-one");
		expect(sender({ "x-herd-tags": "kitchen" })).toMatchObject({ client: "kitchen", app: "kitchen" });
		expect(sender({ authorization: "Bearer sk-one", "x-herd-tags": "kitchen" })).toMatchObject({ client: one.client, app: "kitchen" });
	});
});
