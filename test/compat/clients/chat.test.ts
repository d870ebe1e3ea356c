import { afterAll, beforeAll, describe, it } from "vitest";
import { MODELS, type Pair, startPair } from "../pair.ts";
import { collected, sameBothWays } from "./both-ways.ts";
import { CHAT, FEW, FEW_TOKENS, HELLO, QUESTION, VERSIONS } from "./requests.ts";

describe.for(VERSIONS)("talking to Ollama %s through the router is as talking to it", (version) => {
	let pair: Pair;

	beforeAll(async () => {
		pair = await startPair(version);
	});
	afterAll(() => pair?.stop());

	it("with a native chat", async ({ expect }) => {
		const chat = await sameBothWays(expect, pair, ({ ollama }) => ollama.chat({ ...CHAT, options: FEW }));
		expect(chat).toMatchObject({
			done: true,
			done_reason: "length",
			eval_count: 12,
			message: { content: expect.stringMatching(/\w+ \w+/) },
		});
	});

	it("with a native chat as a stream, part by part", async ({ expect }) => {
		const parts = await sameBothWays(expect, pair, ({ ollama }) => collected(ollama.chat({ ...CHAT, stream: true, options: FEW })));
		expect(parts.length).toBeGreaterThan(10);
		expect(parts.at(-1)).toMatchObject({ done: true });
	});

	it("with a native generate, whole and as a stream", async ({ expect }) => {
		const request = { model: MODELS.chat, prompt: QUESTION, options: FEW };
		const whole = await sameBothWays(expect, pair, ({ ollama }) => ollama.generate(request));
		const parts = await sameBothWays(expect, pair, ({ ollama }) => collected(ollama.generate({ ...request, stream: true })));
		expect(parts.map(({ response }) => response).join("")).toBe(whole.response);
		expect(whole.context?.length).toBeGreaterThan(3);
	});

	it("with OpenAI's chat", async ({ expect }) => {
		const chat = await sameBothWays(expect, pair, ({ openai }) => openai.chat.completions.create({ ...CHAT, ...FEW_TOKENS, seed: 3 }));
		expect(chat).toMatchObject({ object: "chat.completion", usage: { completion_tokens: 12 }, choices: [{ finish_reason: "length" }] });
	});

	it("with OpenAI's chat as a stream, with its usage at the end", async ({ expect }) => {
		const chunks = await sameBothWays(expect, pair, ({ openai }) =>
			collected(openai.chat.completions.create({ ...CHAT, ...FEW_TOKENS, stream: true, stream_options: { include_usage: true } })),
		);
		expect(chunks.length).toBeGreaterThan(10);
		expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { completion_tokens: 12 } });
	});

	it("with OpenAI's completions, whole and as a stream", async ({ expect }) => {
		const request = { model: MODELS.chat, prompt: QUESTION, ...FEW_TOKENS };
		const whole = await sameBothWays(expect, pair, ({ openai }) => openai.completions.create(request));
		expect(whole.choices[0]?.text).toMatch(/\w+ \w+/);
		const chunks = await sameBothWays(expect, pair, ({ openai }) => collected(openai.completions.create({ ...request, stream: true })));
		expect(chunks.length).toBeGreaterThan(10);
	});

	it("with Anthropic's messages", async ({ expect }) => {
		const message = await sameBothWays(expect, pair, ({ anthropic }) =>
			anthropic.messages.create({ ...CHAT, ...FEW_TOKENS, system: "Be brief." }),
		);
		expect(message).toMatchObject({ type: "message", role: "assistant", stop_reason: "max_tokens", usage: { output_tokens: 12 } });
	});

	it("with Anthropic's messages as a stream, event by event", async ({ expect }) => {
		const events = await sameBothWays(expect, pair, ({ anthropic }) =>
			collected(anthropic.messages.create({ ...CHAT, ...FEW_TOKENS, stream: true })),
		);
		expect(events[0]).toMatchObject({ type: "message_start" });
		expect(events.at(-1)).toMatchObject({ type: "message_stop" });
	});

	it("with Anthropic's stream put together by its own client", async ({ expect }) => {
		const message = await sameBothWays(expect, pair, ({ anthropic }) =>
			anthropic.messages.stream({ ...CHAT, ...FEW_TOKENS }).finalMessage(),
		);
		expect(message.content[0]).toMatchObject({ type: "text", text: expect.stringMatching(/\w+ \w+/) });
	});

	it("with a conversation of several turns", async ({ expect }) => {
		const messages = [
			...HELLO,
			{ role: "assistant" as const, content: "They stand by the sea." },
			{ role: "user" as const, content: "And on lakes?" },
		];
		await sameBothWays(expect, pair, ({ ollama }) => ollama.chat({ model: MODELS.chat, messages, options: FEW }));
		await sameBothWays(expect, pair, ({ openai }) => openai.chat.completions.create({ model: MODELS.chat, messages, ...FEW_TOKENS }));
		await sameBothWays(expect, pair, ({ anthropic }) => anthropic.messages.create({ model: MODELS.chat, messages, ...FEW_TOKENS }));
	});

	it("with stop words and several OpenAI settings", async ({ expect }) => {
		const request = { ...CHAT, stop: [" a ", " the "], temperature: 0, top_p: 0.5, presence_penalty: 1, frequency_penalty: 1, seed: 9 };
		await sameBothWays(expect, pair, ({ openai }) => openai.chat.completions.create(request));
		await sameBothWays(expect, pair, ({ ollama }) => ollama.chat({ ...CHAT, options: { ...FEW, stop: [" a "], top_k: 3 } }));
	});
});

describe("log probabilities", () => {
	let pair: Pair;

	beforeAll(async () => {
		pair = await startPair("0.32.15");
	});
	afterAll(() => pair?.stop());

	it("come through OpenAI's chat and the native one", async ({ expect }) => {
		await sameBothWays(expect, pair, ({ openai }) =>
			openai.chat.completions.create({ ...CHAT, ...FEW_TOKENS, logprobs: true, top_logprobs: 2 }),
		);
		const chat = await sameBothWays(expect, pair, ({ ollama }) => ollama.chat({ ...CHAT, options: FEW, logprobs: true, top_logprobs: 2 }));
		expect(chat.logprobs?.length).toBe(12);
	});
});
