import { afterAll, beforeAll, describe, it } from "vitest";
import { MODELS, type Pair, startPair } from "../pair.ts";
import { failsBothWays, sameBothWays } from "./both-ways.ts";
import { VERSIONS } from "./requests.ts";

const TEXTS = ["a garden in spring", "a harbour at night", "☃ 日本"];
const model = MODELS.embeds;

describe.for(VERSIONS)("embeddings through the router and Ollama %s", (version) => {
	let pair: Pair;

	beforeAll(async () => {
		pair = await startPair(version);
	});
	afterAll(() => pair?.stop());

	it("come natively, several at once and one alone", async ({ expect }) => {
		const { embeddings } = await sameBothWays(expect, pair, ({ ollama }) => ollama.embed({ model, input: TEXTS }));
		expect(embeddings.map((vector) => vector.length)).toEqual([768, 768, 768]);
		await sameBothWays(expect, pair, ({ ollama }) => ollama.embed({ model, input: "one alone" }));
	});

	it("come natively with fewer dimensions and no truncation", async ({ expect }) => {
		const request = { model, input: TEXTS, dimensions: 64, truncate: false };
		const { embeddings } = await sameBothWays(expect, pair, ({ ollama }) => ollama.embed(request));
		expect(embeddings[0]?.length).toBe(64);
	});

	it("come over the legacy route", async ({ expect }) => {
		const { embedding } = await sameBothWays(expect, pair, ({ ollama }) => ollama.embeddings({ model, prompt: "a garden in spring" }));
		expect(embedding.length).toBe(768);
	});

	it("come over OpenAI's route as numbers and as base64, with equal values", async ({ expect }) => {
		const asNumbers = await sameBothWays(expect, pair, ({ openai }) =>
			openai.embeddings.create({ model, input: TEXTS, encoding_format: "float" }),
		);
		const asText = await sameBothWays(expect, pair, ({ openai }) =>
			openai.embeddings.create({ model, input: TEXTS, encoding_format: "base64" }),
		);
		expect(asNumbers.data[0]?.embedding.length).toBe(768);
		expect(asText.data[0]?.embedding).toBeTypeOf("string");
		// Without a format the client asks for base64 and decodes it itself
		const decoded = await sameBothWays(expect, pair, ({ openai }) => openai.embeddings.create({ model, input: TEXTS }));
		expect(decoded.data[0]?.embedding[5]).toBeCloseTo(asNumbers.data[0]?.embedding[5] ?? Number.NaN, 6);
	});

	it("of a text that is too long are refused alike when it may not be cut", async ({ expect }) => {
		const input = "word ".repeat(20_000);
		await sameBothWays(expect, pair, ({ ollama }) => ollama.embed({ model, input }));
		const failure = await failsBothWays(expect, pair, ({ ollama }) => ollama.embed({ model, input, truncate: false }));
		expect(failure.message).toContain("exceeds the context length");
	});

	it("of a chat model end alike", async ({ expect }) => {
		const ask = async (call: Promise<unknown>) => call.catch((error: unknown) => String(error));
		await sameBothWays(expect, pair, ({ ollama }) => ask(ollama.embed({ model: MODELS.chat, input: "x" })));
	});
});
