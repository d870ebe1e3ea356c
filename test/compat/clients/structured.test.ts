import { afterAll, beforeAll, describe, it } from "vitest";
import { type Pair, startPair } from "../pair.ts";
import { collected, failsBothWays, sameBothWays } from "./both-ways.ts";
import { CHAT, CITY_SCHEMA, QUESTION, VERSIONS } from "./requests.ts";

describe.for(VERSIONS)("structured output through the router and Ollama %s", (version) => {
	let pair: Pair;

	beforeAll(async () => {
		pair = await startPair(version);
	});
	afterAll(() => pair?.stop());

	it("is any object with OpenAI's json_object", async ({ expect }) => {
		const request = { ...CHAT, response_format: { type: "json_object" as const } };
		const chat = await sameBothWays(expect, pair, ({ openai }) => openai.chat.completions.create(request));
		expect(JSON.parse(chat.choices[0]?.message.content ?? "")).toBeTypeOf("object");
	});

	it("follows OpenAI's json_schema, whole and as a stream", async ({ expect }) => {
		const request = { ...CHAT, response_format: { type: "json_schema" as const, json_schema: { name: "city", schema: CITY_SCHEMA } } };
		const chat = await sameBothWays(expect, pair, ({ openai }) => openai.chat.completions.create(request));
		expect(JSON.parse(chat.choices[0]?.message.content ?? "")).toEqual({ city: "Paris", people: 2, rivers: ["Paris"] });
		const chunks = await sameBothWays(expect, pair, ({ openai }) =>
			collected(openai.chat.completions.create({ ...request, stream: true })),
		);
		expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? "").join("")).toBe(chat.choices[0]?.message.content);
	});

	it("follows a native schema, in chat and in generate", async ({ expect }) => {
		const chat = await sameBothWays(expect, pair, ({ ollama }) => ollama.chat({ ...CHAT, format: CITY_SCHEMA }));
		expect(JSON.parse(chat.message.content)).toMatchObject({ city: "Paris" });
		const { model } = CHAT;
		await sameBothWays(expect, pair, ({ ollama }) => ollama.generate({ model, prompt: QUESTION, format: CITY_SCHEMA }));
		await sameBothWays(expect, pair, ({ ollama }) => ollama.generate({ model, prompt: QUESTION, format: "json" }));
	});

	it("is refused alike for a format that is none", async ({ expect }) => {
		const failure = await failsBothWays(expect, pair, ({ ollama }) => ollama.chat({ ...CHAT, format: "yaml" }));
		expect(failure.message).toContain("invalid format");
	});
});
