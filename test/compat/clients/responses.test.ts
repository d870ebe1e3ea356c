import { afterAll, beforeAll, describe, it } from "vitest";
import { MODELS, type Pair, startPair } from "../pair.ts";
import { collected, sameBothWays } from "./both-ways.ts";
import { CITY_SCHEMA, QUESTION, VERSIONS } from "./requests.ts";

describe.for(VERSIONS)("OpenAI's responses through the router and Ollama %s", (version) => {
	const request = { model: MODELS.chat, input: QUESTION, max_output_tokens: 12 };
	let pair: Pair;

	beforeAll(async () => {
		pair = await startPair(version);
	});
	afterAll(() => pair?.stop());

	it("come whole", async ({ expect }) => {
		const response = await sameBothWays(expect, pair, ({ openai }) => openai.responses.create(request));
		expect(response.output_text).toMatch(/\w+ \w+/);
	});

	it("come as a stream, event by event", async ({ expect }) => {
		const events = await sameBothWays(expect, pair, ({ openai }) => collected(openai.responses.create({ ...request, stream: true })));
		expect(events[0]).toMatchObject({ type: "response.created" });
		expect(events.at(-1)).toMatchObject({ type: "response.completed" });
		expect(events.filter(({ type }) => type === "response.output_text.delta").length).toBeGreaterThan(5);
	});

	it("come with instructions, several turns and thoughts", async ({ expect }) => {
		const input = [
			{ role: "user" as const, content: QUESTION },
			{ role: "assistant" as const, content: "They stand by the sea." },
			{ role: "user" as const, content: "And on lakes?" },
		];
		await sameBothWays(expect, pair, ({ openai }) => openai.responses.create({ ...request, input, instructions: "Be brief." }));
		await sameBothWays(expect, pair, ({ openai }) =>
			openai.responses.create({ ...request, model: MODELS.thinks, max_output_tokens: 400, reasoning: { effort: "high" } }),
		);
	});

	it("call tools and follow a schema", async ({ expect }) => {
		const tool = {
			type: "function" as const,
			name: "weather",
			strict: false,
			parameters: { type: "object", properties: { city: { type: "string" } } },
		};
		const called = await sameBothWays(expect, pair, ({ openai }) =>
			openai.responses.create({ model: MODELS.chat, input: QUESTION, tools: [tool] }),
		);
		expect(called.output).toContainEqual(expect.objectContaining({ type: "function_call", name: "weather" }));
		const format = { type: "json_schema" as const, name: "city", schema: CITY_SCHEMA };
		const shaped = await sameBothWays(expect, pair, ({ openai }) =>
			openai.responses.create({ model: MODELS.chat, input: QUESTION, text: { format } }),
		);
		expect(JSON.parse(shaped.output_text)).toMatchObject({ city: "Paris" });
	});
});
