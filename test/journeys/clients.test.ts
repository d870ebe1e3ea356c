/** The official clients, unchanged but for the address, and what a person's curl sends. */
import Anthropic from "@anthropic-ai/sdk";
import { Ollama } from "ollama";
import OpenAI from "openai";
import { afterAll, beforeAll, describe, it } from "vitest";
import { z } from "zod";
import { FleetSnapshotSchema } from "../../worker/protocol/fleet.ts";
import { InstalledModelSchema, ResidentModelSchema } from "../../worker/protocol/ollama.ts";
import { TraceSchema } from "../../worker/protocol/trace.ts";
import { Household } from "./household.ts";
import { addMachine } from "./machine.ts";
import { rawRequest } from "./raw-http.ts";

const MODEL = "llama3.3:70b";
const HELLO = [{ role: "user" as const, content: "Hello" }];
/** Keeps answers short. */
const FEW = { num_predict: 12 };
const MODEL_AND_HELLO = JSON.stringify({ model: MODEL, messages: HELLO, stream: false, options: FEW });

let household: Household;
let openai: OpenAI;
let ollama: Ollama;
let anthropic: Anthropic;

beforeAll(async () => {
	household = await Household.start();
	await addMachine(household, { nodeId: "mac-studio" });
	await addMachine(household, { nodeId: "gaming-pc", profile: "gaming-pc" });
	await household.ready("mac-studio", "gaming-pc");
	openai = new OpenAI({ baseURL: `http://localhost:${household.port}/v1`, apiKey: "unused", maxRetries: 0 });
	ollama = new Ollama({ host: `http://localhost:${household.port}` });
	anthropic = new Anthropic({ baseURL: `http://localhost:${household.port}`, apiKey: "unused", maxRetries: 0 });
});

afterAll(() => household?.stop());

describe("the openai client", () => {
	it("streams a chat that ends with its finish reason", async ({ expect }) => {
		const stream = await openai.chat.completions.create({ model: MODEL, messages: HELLO, stream: true, max_tokens: 12 });
		let text = "";
		let finish: string | null | undefined;
		for await (const { choices } of stream) {
			text += choices[0]?.delta.content ?? "";
			finish = choices[0]?.finish_reason ?? finish;
		}
		expect(text.trim().split(/\s+/).length).toBeGreaterThan(3);
		expect(finish).toBe("length");
	});

	it("gets a whole chat with its usage", async ({ expect }) => {
		const chat = await openai.chat.completions.create({ model: MODEL, messages: HELLO, max_tokens: 12 });
		expect(chat.choices[0]?.message.content).toMatch(/\w+ \w+/);
		expect(chat.usage).toMatchObject({ completion_tokens: 12 });
	});

	it("finds the models of the whole fleet", async ({ expect }) => {
		const names = (await openai.models.list()).data.map(({ id }) => id);
		expect(names).toEqual(expect.arrayContaining([MODEL, "qwen3:8b"]));
	});

	it("completes a text, embeds one and gets a response", async ({ expect }) => {
		const completion = await openai.completions.create({ model: MODEL, prompt: "Once upon a time", max_tokens: 12 });
		expect(completion.choices[0]?.text).toMatch(/\w+ \w+/);
		const { data } = await openai.embeddings.create({ model: "nomic-embed-text", input: "a garden in spring" });
		expect(data.map(({ embedding }) => embedding.length)).toEqual([768]);
		const response = await openai.responses.create({ model: MODEL, input: "Hello", max_output_tokens: 12 });
		expect(response.output_text).toMatch(/\w+ \w+/);
	});

	it("gets OpenAI's error envelope for a model nobody has", async ({ expect }) => {
		const asked = openai.chat.completions.create({ model: "nobody-has-this", messages: HELLO });
		await expect(asked).rejects.toMatchObject({ status: 404, message: expect.stringContaining("model 'nobody-has-this' not found") });
	});
});

describe("the ollama client", () => {
	it("streams a chat whose last part says that it is done", async ({ expect }) => {
		const parts = [];
		for await (const part of await ollama.chat({ model: MODEL, messages: HELLO, stream: true, options: FEW })) parts.push(part);
		expect(parts.map(({ message }) => message.content).join("")).toMatch(/\w+ \w+/);
		expect(parts.at(-1)).toMatchObject({ done: true, eval_count: 12 });
		expect(parts.filter(({ done }) => done)).toHaveLength(1);
	});

	it("gets a whole chat", async ({ expect }) => {
		const chat = await ollama.chat({ model: MODEL, messages: HELLO, options: FEW });
		expect(chat.message.content).toMatch(/\w+ \w+/);
		expect(chat.done).toBe(true);
	});

	it("generates", async ({ expect }) => {
		const whole = await ollama.generate({ model: MODEL, prompt: "Once upon a time", options: FEW });
		expect(whole.response).toMatch(/\w+ \w+/);
		let streamed = "";
		for await (const { response } of await ollama.generate({ model: MODEL, prompt: "Once upon a time", stream: true, options: FEW }))
			streamed += response;
		expect(streamed).toBe(whole.response);
	});

	it("embeds several texts at once", async ({ expect }) => {
		const { embeddings } = await ollama.embed({ model: "nomic-embed-text", input: ["a garden in spring", "a harbour at night"] });
		expect(embeddings.map((vector) => vector.length)).toEqual([768, 768]);
		expect(embeddings[0]).not.toEqual(embeddings[1]);
	});

	it("lists what is installed and what is loaded", async ({ expect }) => {
		const { models } = await ollama.list();
		expect(models.map(({ name }) => name)).toEqual(expect.arrayContaining([MODEL, "qwen3:8b"]));
		expect(models.find(({ name }) => name === MODEL)).toMatchObject({ size: 42_500_000_000, details: { family: "llama" } });
		expect((await ollama.ps()).models.map(({ name }) => name)).toContain(MODEL);
	});
});

describe("the anthropic client", () => {
	const message = { model: MODEL, messages: HELLO, max_tokens: 12 };

	it("gets a whole message", async ({ expect }) => {
		const { content, usage, stop_reason: reason } = await anthropic.messages.create(message);
		expect(content).toMatchObject([{ type: "text", text: expect.stringMatching(/\w+ \w+/) }]);
		expect([usage.output_tokens, reason]).toEqual([12, "max_tokens"]);
	});

	it("streams a message to its end", async ({ expect }) => {
		const types: string[] = [];
		let text = "";
		for await (const event of anthropic.messages.stream(message)) {
			types.push(event.type);
			if (event.type === "content_block_delta" && event.delta.type === "text_delta") text += event.delta.text;
		}
		expect(text).toMatch(/\w+ \w+/);
		expect([types[0], types.at(-1)]).toEqual(["message_start", "message_stop"]);
	});

	it("gets Anthropic's error envelope for a model nobody has", async ({ expect }) => {
		const asked = anthropic.messages.create({ ...message, model: "nobody-has-this" });
		await expect(asked).rejects.toMatchObject({ status: 404, error: { type: "error", error: { type: "not_found_error" } } });
	});
});

describe("what the fleet tells of itself", () => {
	const Tags = z.object({
		models: z
			.array(InstalledModelSchema.and(z.looseObject({ details: z.looseObject({ fleet_nodes: z.array(z.string()).min(1) }) })))
			.min(1),
	});
	const Ps = z.object({ models: z.array(ResidentModelSchema.and(z.looseObject({ fleet_node: z.string() }))).min(1) });
	const Models = z.object({
		object: z.literal("list"),
		data: z.array(z.object({ id: z.string(), object: z.literal("model"), created: z.number(), owned_by: z.string() })).min(1),
	});
	const Traces = z.object({ traces: z.array(TraceSchema).min(1).max(20) });

	it.for([
		["/fleet/status", FleetSnapshotSchema],
		["/api/tags", Tags],
		["/api/ps", Ps],
		["/v1/models", Models],
		["/dashboard/api/traces?limit=20", Traces],
	] as const)("%s has the shape of the contract", async ([path, schema], { expect }) => {
		const response = await fetch(household.url + path);
		expect(response.status).toBe(200);
		expect(response.headers.get("content-type")).toContain("application/json");
		expect(schema.safeParse(await response.json()).error).toBeUndefined();
	});

	it("names the holders of a model that both machines have", async ({ expect }) => {
		const { models } = Tags.parse(await (await fetch(`${household.url}/api/tags`)).json());
		const shared = models.filter(({ name }) => name.startsWith("gpt-oss"));
		expect(shared.map(({ details }) => details.fleet_nodes.toSorted())).toEqual([["gaming-pc", "mac-studio"]]);
	});
});

describe("a chat by hand", () => {
	it("is taken without any content type", async ({ expect }) => {
		const answer = await rawRequest(household.port, { path: "/api/chat", body: MODEL_AND_HELLO });
		expect(answer.status).toBe(200);
		expect(JSON.parse(answer.body.toString())).toMatchObject({ model: MODEL, done: true });
	});

	it.for(["/api/chat", "/v1/chat/completions"])("is taken with the content type of curl -d: %s", async (path, { expect }) => {
		const headers = { "User-Agent": "curl/8.0", Accept: "*/*", "Content-Type": "application/x-www-form-urlencoded" };
		const answer = await rawRequest(household.port, { path, headers, body: MODEL_AND_HELLO });
		expect(answer.status).toBe(200);
		const { message, choices } = JSON.parse(answer.body.toString());
		expect((message ?? choices[0].message).content).toMatch(/\w+ \w+/);
	});

	it("carries headers that are true for the attempt that answered", async ({ expect }) => {
		const response = await fetch(`${household.url}/api/chat`, { method: "POST", body: MODEL_AND_HELLO });
		await response.arrayBuffer();
		const header = (name: string) => response.headers.get(name);
		const trace = await household.traceOf(header("x-request-id"));
		expect(header("x-fleet-node")).toBe("mac-studio");
		expect(trace).toMatchObject({
			node_id: "mac-studio",
			model: MODEL,
			status: "completed",
			completion_tokens: 12,
			attempts: [{ node_id: "mac-studio" }],
		});
		expect(header("x-fleet-served-model")).toBe(trace.model);
		expect(header("x-fleet-requested-model")).toBe(MODEL);
		expect(header("x-fleet-fallback")).toBe("false");
		expect(header("x-fleet-score")).toBe(String(Math.trunc(trace.score ?? Number.NaN)));
		expect(header("x-fleet-retries")).toBe("0");
		expect(header("x-fleet-affinity")).toMatch(/^(new|prefix|matched)$/);
		expect(header("x-fleet-backend")).toBe("ollama");
		expect(header("x-fleet-reason")).toBe(trace.reason);
		expect(Math.abs(Number(header("x-fleet-queue-ms")) - trace.queue_ms)).toBeLessThan(1);
	});

	it("names the node that has the model, not just any", async ({ expect }) => {
		const body = JSON.stringify({ model: "qwen3:8b", prompt: "Hello", stream: false, options: FEW });
		const response = await fetch(`${household.url}/api/generate`, { method: "POST", body });
		await response.arrayBuffer();
		expect(response.headers.get("x-fleet-node")).toBe("gaming-pc");
		expect(await household.traceOf(response.headers.get("x-request-id"))).toMatchObject({
			node_id: "gaming-pc",
			original_model: "qwen3:8b",
		});
	});
});
