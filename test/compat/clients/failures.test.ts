import { afterAll, beforeAll, describe, it } from "vitest";
import { until } from "../../journeys/until.ts";
import { MODELS, type Pair, startPair } from "../pair.ts";
import { type Clients, clientsOf, failsBothWays, failsBothWaysWithMore } from "./both-ways.ts";
import { FEW_TOKENS, HELLO, NEWEST, QUESTION, VERSIONS } from "./requests.ts";

const NOBODY = "nobody-has:this";
const LONG = "word ".repeat(20_000);

describe.for(VERSIONS)("a model that is not there is missed by the router as by Ollama %s", (version) => {
	let pair: Pair;

	beforeAll(async () => {
		pair = await startPair(version);
	});
	afterAll(() => pair?.stop());

	const WAYS: Record<string, (clients: Clients) => Promise<unknown>> = {
		"ollama chat": ({ ollama }) => ollama.chat({ model: NOBODY, messages: HELLO }),
		"ollama chat stream": ({ ollama }) => ollama.chat({ model: NOBODY, messages: HELLO, stream: true }),
		"ollama generate": ({ ollama }) => ollama.generate({ model: NOBODY, prompt: QUESTION }),
		"ollama embed": ({ ollama }) => ollama.embed({ model: NOBODY, input: QUESTION }),
		"ollama embeddings": ({ ollama }) => ollama.embeddings({ model: NOBODY, prompt: QUESTION }),
		"openai chat": ({ openai }) => openai.chat.completions.create({ model: NOBODY, messages: HELLO }),
		"openai chat stream": ({ openai }) => openai.chat.completions.create({ model: NOBODY, messages: HELLO, stream: true }),
		"openai completions": ({ openai }) => openai.completions.create({ model: NOBODY, prompt: QUESTION }),
		"openai embeddings": ({ openai }) => openai.embeddings.create({ model: NOBODY, input: QUESTION }),
		"openai responses": ({ openai }) => openai.responses.create({ model: NOBODY, input: QUESTION }),
		"anthropic messages": ({ anthropic }) => anthropic.messages.create({ model: NOBODY, messages: HELLO, ...FEW_TOKENS }),
		"anthropic messages stream": ({ anthropic }) =>
			anthropic.messages.create({ model: NOBODY, messages: HELLO, ...FEW_TOKENS, stream: true }),
	};

	it.for(Object.entries(WAYS))("by %s", async ([, way], { expect }) => {
		const failure = await failsBothWaysWithMore(expect, pair, way);
		expect(failure).toMatchObject({ status: 404, message: expect.stringContaining(NOBODY) });
	});

	it("by a name that is none", async ({ expect }) => {
		const named = (model: string) => failsBothWaysWithMore(expect, pair, ({ ollama }) => ollama.chat({ model, messages: HELLO }));
		for (const model of ["", "a/b/c/d", ":tag", "name:", "two words"]) await named(model);
	});
});

describe.for(VERSIONS)("what Ollama %s refuses is refused through the router in the same words", (version) => {
	let pair: Pair;

	beforeAll(async () => {
		pair = await startPair(version);
	});
	afterAll(() => pair?.stop());

	it("when a chat is longer than the context and may not be cut", async ({ expect }) => {
		const request = { model: MODELS.chat, messages: [{ role: "user", content: LONG }], truncate: false, shift: false };
		const failure = await failsBothWays(expect, pair, ({ ollama }) => ollama.chat(request));
		expect(failure.message).toMatch(/context/);
	});

	it("when a prompt is longer than the context and may not be cut", async ({ expect }) => {
		const request = { model: MODELS.chat, prompt: LONG, truncate: false, shift: false };
		const failure = await failsBothWays(expect, pair, ({ ollama }) => ollama.generate(request));
		expect(failure.message).toMatch(/context/);
	});

	it("when settings are of the wrong type", async ({ expect }) => {
		const wrong = { temperature: "hot" } as unknown as { temperature: number };
		await failsBothWays(expect, pair, ({ ollama }) => ollama.chat({ model: MODELS.chat, messages: HELLO, options: wrong }));
		await failsBothWays(expect, pair, ({ openai }) => openai.chat.completions.create({ model: MODELS.chat, messages: HELLO, ...wrong }));
		await failsBothWays(expect, pair, ({ anthropic }) =>
			anthropic.messages.create({ model: MODELS.chat, messages: HELLO, ...FEW_TOKENS, ...wrong }),
		);
	});

	it("when there are no messages or no limit", async ({ expect }) => {
		await failsBothWays(expect, pair, ({ openai }) => openai.chat.completions.create({ model: MODELS.chat, messages: [] }));
		await failsBothWays(expect, pair, ({ anthropic }) => anthropic.messages.create({ model: MODELS.chat, messages: [], max_tokens: 5 }));
		await failsBothWays(expect, pair, ({ anthropic }) => anthropic.messages.create({ model: MODELS.chat, messages: HELLO, max_tokens: 0 }));
	});
});

describe("a client that stops reading", () => {
	let pair: Pair;

	beforeAll(async () => {
		// At the machine's own pace, so that there is a middle to stop in
		pair = await startPair(NEWEST, { timeScale: 1, models: [MODELS.chat], resident: [MODELS.chat] });
	});
	afterAll(() => pair?.stop());

	const endless = { model: MODELS.chat, messages: HELLO, stream: true as const };

	/** Reads three parts, then leaves. */
	const STREAMS: Record<string, (clients: Clients) => Promise<void>> = {
		"ollama's abort": async ({ ollama }) => {
			const stream = await ollama.chat({ ...endless, options: { num_predict: 100_000 } });
			await leaveAfterThree(stream, () => stream.abort());
		},
		"openai's abort": async ({ openai }) => {
			const stream = await openai.chat.completions.create({ ...endless, max_tokens: 100_000 });
			await leaveAfterThree(stream, () => stream.controller.abort());
		},
		"openai's loop left early": async ({ openai }) => {
			let parts = 0;
			for await (const _ of await openai.chat.completions.create({ ...endless, max_tokens: 100_000 })) if (++parts === 3) break;
		},
		"anthropic's abort": async ({ anthropic }) => {
			const stream = await anthropic.messages.create({ ...endless, max_tokens: 100_000 });
			await leaveAfterThree(stream, () => stream.controller.abort());
		},
	};

	it.for(Object.entries(STREAMS))("stops the machine in the middle of its answer, both ways: %s", async ([, stream], { expect }) => {
		for (const side of [pair.direct, pair.routed]) {
			const before = side.simulated.snapshot().completed;
			await stream(clientsOf(side));
			await until(`${side.name} stops`, () => side.simulated.snapshot().running.length === 0);
			expect(side.simulated.snapshot().completed).toBe(before + 1);
		}
		await pair.household.idle();
	});
});

/** An aborted loop of Ollama's client throws, those of the others just end. */
async function leaveAfterThree(stream: AsyncIterable<unknown>, abort: () => void): Promise<void> {
	let parts = 0;
	try {
		for await (const _ of stream) if (++parts === 3) abort();
	} catch (error) {
		if (!(error instanceof Error) || error.name !== "AbortError") throw error;
	}
}
