import { afterAll, beforeAll, describe, it } from "vitest";
import { MODELS, type Pair, startPair } from "../pair.ts";
import { collected, failsBothWays, sameBothWays } from "./both-ways.ts";
import { FEW, FEW_TOKENS, HELLO, NEWEST, PIXEL, VERSIONS } from "./requests.ts";

describe.for(VERSIONS)("seeing through the router and Ollama %s", (version) => {
	let pair: Pair;

	beforeAll(async () => {
		pair = await startPair(version);
	});
	afterAll(() => pair?.stop());

	it("works natively, in chat and in generate", async ({ expect }) => {
		const messages = [{ role: "user", content: "What is this?", images: [PIXEL] }];
		const chat = await sameBothWays(expect, pair, ({ ollama }) => ollama.chat({ model: MODELS.sees, messages, options: FEW }));
		expect(chat.prompt_eval_count).toBeGreaterThan(200);
		await sameBothWays(expect, pair, ({ ollama }) =>
			ollama.generate({ model: MODELS.sees, prompt: "What is this?", images: [PIXEL], options: FEW }),
		);
	});

	it("works over OpenAI's chat", async ({ expect }) => {
		const chat = await sameBothWays(expect, pair, ({ openai }) => {
			const image = { type: "image_url" as const, image_url: { url: `data:image/png;base64,${PIXEL}` } };
			const content = [{ type: "text" as const, text: "What is this?" }, image];
			return openai.chat.completions.create({ model: MODELS.sees, messages: [{ role: "user", content }], ...FEW_TOKENS });
		});
		expect(chat.usage?.prompt_tokens).toBeGreaterThan(200);
	});

	it("works over Anthropic's messages", async ({ expect }) => {
		const message = await sameBothWays(expect, pair, ({ anthropic }) => {
			const source = { type: "base64" as const, media_type: "image/png" as const, data: PIXEL };
			const content = [
				{ type: "image" as const, source },
				{ type: "text" as const, text: "What is this?" },
			];
			return anthropic.messages.create({ model: MODELS.sees, messages: [{ role: "user", content }], ...FEW_TOKENS });
		});
		expect(message.usage.input_tokens).toBeGreaterThan(200);
	});
});

describe.for(VERSIONS)("thinking through the router and Ollama %s", (version) => {
	const model = MODELS.thinks;
	const asked = { model, messages: HELLO };
	let pair: Pair;

	beforeAll(async () => {
		pair = await startPair(version);
	});
	afterAll(() => pair?.stop());

	it.for([true, false, undefined])("is natively as asked: think %s", async (think, { expect }) => {
		const chat = await sameBothWays(expect, pair, ({ ollama }) => ollama.chat({ ...asked, ...(think !== undefined && { think }) }));
		expect(chat.message.thinking === undefined || chat.message.thinking === "").toBe(think === false);
		await sameBothWays(expect, pair, ({ ollama }) =>
			collected(ollama.chat({ ...asked, ...(think !== undefined && { think }), stream: true })),
		);
		await sameBothWays(expect, pair, ({ ollama }) => ollama.generate({ model, prompt: "Why?", ...(think !== undefined && { think }) }));
	});

	it.for(["low", "high", "none"] as const)("follows OpenAI's reasoning_effort: %s", async (effort, { expect }) => {
		const chat = await sameBothWays(expect, pair, ({ openai }) => openai.chat.completions.create({ ...asked, reasoning_effort: effort }));
		expect(JSON.stringify(chat).includes('"reasoning"')).toBe(effort !== "none");
		await sameBothWays(expect, pair, ({ openai }) =>
			collected(openai.chat.completions.create({ ...asked, reasoning_effort: effort, stream: true })),
		);
	});

	it.for(["enabled", "disabled"] as const)("follows Anthropic's thinking: %s", async (type, { expect }) => {
		const thinking = type === "enabled" ? { type, budget_tokens: 1024 } : { type };
		const message = await sameBothWays(expect, pair, ({ anthropic }) =>
			anthropic.messages.create({ ...asked, max_tokens: 2048, thinking }),
		);
		expect(message.content.some((block) => block.type === "thinking")).toBe(type === "enabled");
		await sameBothWays(expect, pair, ({ anthropic }) =>
			collected(anthropic.messages.create({ ...asked, max_tokens: 2048, thinking, stream: true })),
		);
	});

	it("is refused alike by a model that doesn't think", async ({ expect }) => {
		const failure = await failsBothWays(expect, pair, ({ ollama }) => ollama.chat({ ...asked, model: MODELS.plain, think: true }));
		expect(failure.message).toContain("does not support thinking");
	});
});

describe("filling in through the router", () => {
	let pair: Pair;

	beforeAll(async () => {
		pair = await startPair(NEWEST);
	});
	afterAll(() => pair?.stop());

	it("works natively and over OpenAI's completions", async ({ expect }) => {
		const request = { model: MODELS.inserts, prompt: "def add(a, b):", suffix: "    return result" };
		await sameBothWays(expect, pair, ({ ollama }) => ollama.generate({ ...request, options: FEW }));
		const completion = await sameBothWays(expect, pair, ({ openai }) => openai.completions.create({ ...request, ...FEW_TOKENS }));
		expect(completion.choices[0]?.text).toMatch(/\w+/);
	});

	it("is refused alike by a model that can't", async ({ expect }) => {
		const request = { model: MODELS.plain, prompt: "def add(a, b):", suffix: "    return result" };
		const native = await failsBothWays(expect, pair, ({ ollama }) => ollama.generate(request));
		expect(native.message).toContain("does not support insert");
		await failsBothWays(expect, pair, ({ openai }) => openai.completions.create(request));
	});
});
