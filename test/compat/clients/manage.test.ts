import { afterAll, beforeAll, describe, it } from "vitest";
import { until } from "../../journeys/until.ts";
import { MODELS, type Pair, startPair } from "../pair.ts";
import { clientsOf, collected, failsBothWaysWithMore, sameBothWays } from "./both-ways.ts";
import { FEW, HELLO, VERSIONS } from "./requests.ts";

const NEW = "llama3.2:3b";
const LONGER = "qwen2.5:7b";

describe.for(VERSIONS)("the models of Ollama %s are managed through the router", (version) => {
	let pair: Pair;

	beforeAll(async () => {
		pair = await startPair(version);
	});
	afterAll(() => pair?.stop());

	it("by a pull whose progress comes as a stream", async ({ expect }) => {
		const lines = await sameBothWays(expect, pair, ({ ollama }) => collected(ollama.pull({ model: NEW, stream: true })));
		expect(lines[0]).toMatchObject({ status: "pulling manifest" });
		expect(lines.at(-1)).toMatchObject({ status: "success" });
		await until("the router lists it", async () => (await clientsOf(pair.routed).ollama.list()).models.some(({ name }) => name === NEW));
	});

	it("by a pull after which the model can be asked and is listed at once", async ({ expect }) => {
		for (const model of ["qwen2.5:7b", "gpt-oss:20b", "qwen2.5:32b"]) {
			await sameBothWays(expect, pair, async ({ ollama }) => {
				await ollama.pull({ model });
				const chat = await ollama.chat({ model, messages: HELLO, options: FEW });
				return chat.message.content;
			});
		}
		await sameBothWays(expect, pair, async ({ ollama }) => {
			await ollama.pull({ model: "llama3.3:70b" });
			return (await ollama.list()).models.some(({ name }) => name === "llama3.3:70b");
		});
	});

	it("by a pull that only tells its end", async ({ expect }) => {
		expect(await sameBothWays(expect, pair, ({ ollama }) => ollama.pull({ model: NEW }))).toMatchObject({ status: "success" });
		// It stands first for having changed last, once a beat has told it
		await until("the router lists it first", async () => (await clientsOf(pair.routed).ollama.list()).models[0]?.name === NEW);
	});

	it("by a pull of what no registry has, which fails", async ({ expect }) => {
		await failsBothWaysWithMore(expect, pair, ({ ollama }) => ollama.pull({ model: "no-registry-has:this" }));
		await failsBothWaysWithMore(expect, pair, ({ ollama }) => collected(ollama.pull({ model: "no-registry-has:this", stream: true })));
		await failsBothWaysWithMore(expect, pair, ({ ollama }) => ollama.pull({ model: "a/b/c/d:" }));
	});

	it("by a delete, after which the model is gone", async ({ expect }) => {
		await sameBothWays(expect, pair, ({ ollama }) => ollama.delete({ model: MODELS.plain }));
		await until("the router no longer lists it", async () => {
			const { models } = await clientsOf(pair.routed).ollama.list();
			return !models.some(({ name }) => name === MODELS.plain);
		});
		await sameBothWays(expect, pair, async ({ ollama }) => (await ollama.list()).models.map(({ name }) => name));
		await failsBothWaysWithMore(expect, pair, ({ ollama }) => ollama.delete({ model: MODELS.plain }));
	});

	it("by a copy", async ({ expect }) => {
		await sameBothWays(expect, pair, ({ ollama }) => ollama.copy({ source: MODELS.chat, destination: "my-own:latest" }));
		await until("the router lists it", async () =>
			(await clientsOf(pair.routed).ollama.list()).models.some(({ name }) => name === "my-own:latest"),
		);
		await failsBothWaysWithMore(expect, pair, ({ ollama }) => ollama.copy({ source: "nobody-has:this", destination: "x" }));
	});
});

describe("a pull that its client leaves", () => {
	let pair: Pair;

	beforeAll(async () => {
		// Some seconds a model, so that there is a middle to leave in
		pair = await startPair("0.32.15", { timeScale: 10 });
	});
	afterAll(() => pair?.stop());

	it("ends at the machine too", async ({ expect }) => {
		for (const side of [pair.direct, pair.routed]) {
			const { ollama } = clientsOf(side);
			const left = await ollama.pull({ model: NEW, stream: true });
			let parts = 0;
			const reading = (async () => {
				for await (const _ of left) if (++parts === 3) left.abort();
			})();
			await expect(reading).rejects.toThrow(/abort/i);
			// A longer pull, begun later: at its end the first would have ended too
			await ollama.pull({ model: LONGER });
			const names = await until(`${side.name} lists what was pulled`, async () => {
				const { models } = await ollama.list();
				return models.some(({ name }) => name === LONGER) && models.map(({ name }) => name);
			});
			expect(parts).toBe(3);
			expect(names).not.toContain(NEW);
		}
	});
});
