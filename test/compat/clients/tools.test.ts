import { afterAll, beforeAll, describe, it } from "vitest";
import { MODELS, type Pair, startPair } from "../pair.ts";
import { collected, failsBothWays, sameBothWays } from "./both-ways.ts";
import { CHAT, FEW_TOKENS, HELLO, VERSIONS } from "./requests.ts";

const PARAMETERS = {
	type: "object",
	properties: { city: { type: "string", description: "Where" }, unit: { type: "string", enum: ["celsius", "fahrenheit"] } },
	required: ["city"],
};
const WEATHER = { name: "weather", description: "The weather in a city", parameters: PARAMETERS };
const TOOL = { type: "function" as const, function: WEATHER };
const ANTHROPIC_TOOL = { name: WEATHER.name, description: WEATHER.description, input_schema: { ...PARAMETERS, type: "object" as const } };
const RESULT = "14 degrees and windy";

describe.for(VERSIONS)("tools through the router and Ollama %s", (version) => {
	let pair: Pair;

	beforeAll(async () => {
		pair = await startPair(version);
	});
	afterAll(() => pair?.stop());

	it("are called and answered natively", async ({ expect }) => {
		const chat = await sameBothWays(expect, pair, ({ ollama }) => ollama.chat({ ...CHAT, tools: [TOOL] }));
		expect(chat.message.tool_calls).toMatchObject([{ function: { name: "weather", arguments: { city: "Paris", unit: "celsius" } } }]);
		const answered = await sameBothWays(expect, pair, ({ ollama }) => {
			const messages = [...HELLO, { ...chat.message }, { role: "tool", tool_name: "weather", content: RESULT }];
			return ollama.chat({ model: MODELS.chat, messages, tools: [TOOL] });
		});
		expect(answered.message).toBeDefined();
	});

	it("are called in a native stream", async ({ expect }) => {
		const parts = await sameBothWays(expect, pair, ({ ollama }) => collected(ollama.chat({ ...CHAT, tools: [TOOL], stream: true })));
		expect(parts.some(({ message }) => message.tool_calls !== undefined)).toBe(true);
	});

	it("are called and answered over OpenAI's chat", async ({ expect }) => {
		const chat = await sameBothWays(expect, pair, ({ openai }) => openai.chat.completions.create({ ...CHAT, tools: [TOOL] }));
		const [choice] = chat.choices;
		expect(choice).toMatchObject({ finish_reason: "tool_calls", message: { tool_calls: [{ function: { name: "weather" } }] } });
		const answered = await sameBothWays(expect, pair, ({ openai }) => {
			const call = { id: "call_1", type: "function" as const, function: { name: "weather", arguments: '{"city":"Paris"}' } };
			const turn = { role: "assistant" as const, content: null, tool_calls: [call] };
			const result = { role: "tool" as const, tool_call_id: "call_1", content: RESULT };
			return openai.chat.completions.create({ model: MODELS.chat, messages: [...HELLO, turn, result] });
		});
		expect(answered.choices[0]?.message.content).toMatch(/\w+ \w+/);
	});

	it("are called in OpenAI's stream", async ({ expect }) => {
		const chunks = await sameBothWays(expect, pair, ({ openai }) =>
			collected(openai.chat.completions.create({ ...CHAT, tools: [TOOL], stream: true })),
		);
		expect(chunks.some(({ choices }) => choices[0]?.delta.tool_calls !== undefined)).toBe(true);
	});

	it("are called and answered over Anthropic's messages", async ({ expect }) => {
		const request = { ...CHAT, max_tokens: 100, tools: [ANTHROPIC_TOOL] };
		const message = await sameBothWays(expect, pair, ({ anthropic }) => anthropic.messages.create(request));
		expect(message).toMatchObject({ stop_reason: "tool_use", content: [{ type: "tool_use", name: "weather", input: { city: "Paris" } }] });
		await sameBothWays(expect, pair, ({ anthropic }) => {
			const call = { type: "tool_use" as const, id: "toolu_1", name: "weather", input: { city: "Paris" } };
			const result = { type: "tool_result" as const, tool_use_id: "toolu_1", content: RESULT };
			const messages = [...HELLO, { role: "assistant" as const, content: [call] }, { role: "user" as const, content: [result] }];
			return anthropic.messages.create({ model: MODELS.chat, messages, ...FEW_TOKENS });
		});
	});

	it("are called in Anthropic's stream", async ({ expect }) => {
		const request = { ...CHAT, max_tokens: 100, tools: [ANTHROPIC_TOOL] };
		const events = await sameBothWays(expect, pair, ({ anthropic }) => collected(anthropic.messages.create({ ...request, stream: true })));
		expect(events).toContainEqual(
			expect.objectContaining({ type: "content_block_start", content_block: expect.objectContaining({ type: "tool_use" }) }),
		);
	});

	it("are refused alike by a model that knows none", async ({ expect }) => {
		const asked = { model: MODELS.plain, messages: HELLO };
		const native = await failsBothWays(expect, pair, ({ ollama }) => ollama.chat({ ...asked, tools: [TOOL] }));
		expect(native.message).toContain("does not support tools");
		await failsBothWays(expect, pair, ({ openai }) => openai.chat.completions.create({ ...asked, tools: [TOOL] }));
		await failsBothWays(expect, pair, ({ anthropic }) => anthropic.messages.create({ ...asked, ...FEW_TOKENS, tools: [ANTHROPIC_TOOL] }));
	});
});
