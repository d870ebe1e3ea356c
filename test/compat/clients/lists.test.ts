import type { ModelResponse } from "ollama";
import { afterAll, beforeAll, describe, it } from "vitest";
import { until } from "../../journeys/until.ts";
import { MODELS, type Pair, startPair } from "../pair.ts";
import { clientsOf, failsBothWays, failsBothWaysWithMore, sameBothWays } from "./both-ways.ts";
import { FEW, HELLO, VERSIONS } from "./requests.ts";

describe.for(VERSIONS)("what Ollama %s tells of itself, the router tells too", (version) => {
	/** Older lists tell no capabilities and no context length; the router adds what the agent has found out. */
	const asListed = (model: ModelResponse) =>
		version === "0.24.0" ? { ...model, capabilities: undefined, details: { ...model.details, context_length: undefined } } : model;
	let pair: Pair;

	beforeAll(async () => {
		pair = await startPair(version);
	});
	afterAll(() => pair?.stop());

	it("about its version", async ({ expect }) => {
		expect(await sameBothWays(expect, pair, ({ ollama }) => ollama.version())).toEqual({ version });
	});

	it("about its models, natively", async ({ expect }) => {
		const models = await sameBothWays(expect, pair, async ({ ollama }) => (await ollama.list()).models.map(asListed));
		expect(models.map(({ name }) => name)).toEqual(expect.arrayContaining([MODELS.chat, MODELS.sees]));
	});

	it("about its models, to OpenAI's client", async ({ expect }) => {
		const models = await sameBothWays(expect, pair, async ({ openai }) => (await openai.models.list()).data);
		expect(models.length).toBe(Object.keys(MODELS).length);
	});

	it("about what is loaded, once a beat has told it", async ({ expect }) => {
		const load = { model: MODELS.plain, messages: HELLO, options: { ...FEW, num_ctx: 2048 }, keep_alive: "10m" };
		await sameBothWays(expect, pair, ({ ollama }) => ollama.chat(load));
		await until("the router knows of the load", async () => (await clientsOf(pair.routed).ollama.ps()).models.length > 0);
		const { models } = await sameBothWays(expect, pair, ({ ollama }) => ollama.ps());
		expect(models).toMatchObject([{ name: MODELS.plain, context_length: 2048 }]);
	});

	it("about one model", async ({ expect }) => {
		for (const model of Object.values(MODELS)) {
			const shown = await sameBothWays(expect, pair, ({ ollama }) => ollama.show({ model }));
			expect(shown.details.family).toMatch(/\w/);
		}
		await sameBothWays(expect, pair, ({ openai }) => openai.models.retrieve(MODELS.chat));
	});

	it("about a model it doesn't have", async ({ expect }) => {
		await failsBothWaysWithMore(expect, pair, ({ ollama }) => ollama.show({ model: "nobody-has:this" }));
		await failsBothWaysWithMore(expect, pair, ({ openai }) => openai.models.retrieve("nobody-has:this"));
		await failsBothWays(expect, pair, ({ ollama }) => ollama.show({ model: "" }));
	});
});
