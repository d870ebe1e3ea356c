/** A model that nobody has is asked for: the fleet fetches it, once, for whoever waits. */
import { Ollama } from "ollama";
import OpenAI from "openai";
import { afterAll, afterEach, beforeAll, beforeEach, describe, it } from "vitest";
import { type FakeRegistry, startFakeRegistry } from "./fake-registry.ts";
import { Household } from "./household.ts";
import { addMachine, type Machine, startAgentOf } from "./machine.ts";
import { RawClient, requestBytes } from "./raw-http.ts";
import { type Arrived, type ScriptedOllama, startScriptedOllama } from "./scripted-ollama.ts";
import { until } from "./until.ts";

const BIG = "gemma3:12b";
const EMBEDDER = "nomic-embed-text";
const SIZES = {
	"library/gemma3:12b": 8.15e9,
	"library/llama3.3:70b": 42.5e9,
	"library/brand-new:1b": 2_000_000,
	"library/lost-since:7b": 4e9,
};

let registry: FakeRegistry;

beforeAll(async () => {
	registry = await startFakeRegistry(SIZES);
});

afterAll(() => registry?.stop());

function startPulling(variables: Readonly<Record<string, string>> = {}): Promise<Household> {
	return Household.start({ variables: { FLEET_AUTO_PULL: "true", FLEET_REGISTRY_URL: registry.url, ...variables } });
}

async function chat({ url }: Household, model: string) {
	const body = { model, messages: [{ role: "user", content: "Hello" }], stream: false, options: { num_predict: 3 } };
	const response = await fetch(`${url}/api/chat`, { method: "POST", body: JSON.stringify(body) });
	const { error } = (await response.json()) as { error?: string };
	return { status: response.status, node: response.headers.get("x-fleet-node"), error };
}

describe("a model that nobody has", () => {
	let household: Household;
	let studio: Machine;

	beforeAll(async () => {
		household = await startPulling();
		studio = await addMachine(household, { nodeId: "studio", models: ["qwen3:8b"], timeScale: 30 });
		await addMachine(household, { nodeId: "gaming", profile: "gaming-pc", models: ["qwen3:8b"] });
		await household.ready("studio", "gaming");
	});

	afterAll(() => household?.stop());

	it("is pulled once to the machine with the most room, and answers all who asked", async ({ expect }) => {
		const openai = new OpenAI({ baseURL: `${household.url}/v1`, apiKey: "unused", maxRetries: 0 });
		const messages = [{ role: "user" as const, content: "Hello" }];
		const answers = Promise.all([
			chat(household, BIG),
			openai.chat.completions.create({ model: `library/${BIG}`, messages, max_tokens: 3 }).withResponse(),
		]);
		const pull = await until("the pull is under way", async () => {
			const [first] = (await household.status()).pulls;
			return first && first.completed_bytes > 0 && first.waiting === 2 && first;
		});
		expect(pull).toMatchObject({ model: BIG, node_id: "studio", total_bytes: 8.15e9, status: expect.stringMatching(/^pulling /) });
		const [own, openais] = await answers;
		expect([own.status, own.node, openais.response.headers.get("x-fleet-node")]).toEqual([200, "studio", "studio"]);
		expect(openais.data.choices[0]?.message.content).not.toBe("");
		expect((await household.status()).pulls).toEqual([]);
		expect(registry.asked.filter((path) => path.includes("gemma3"))).toHaveLength(1);
	});

	it("is pulled for embeddings too, by the catalogue where the registry would not answer", async ({ expect }) => {
		const alone = await startPulling({ FLEET_REGISTRY_URL: "http://127.0.0.1:9" });
		try {
			await addMachine(alone, { nodeId: "mini", profile: "mac-mini", models: ["llama3.2:3b"] });
			await alone.ready("mini");
			const embedded = await new Ollama({ host: alone.url }).embed({ model: EMBEDDER, input: "Hello" });
			expect(embedded.embeddings[0]).toHaveLength(768);
			expect((await chat(alone, "nobody-made-this")).error).toContain(
				"not pulled: the registry can't be reached, and it is not in the router's catalogue",
			);
		} finally {
			await alone.stop();
		}
	});

	it.for([
		["nobody-made-this", "the registry does not have it"],
		["llama3.3:70b", "at 42.5 GB it is over the limit of 20 GB (FLEET_AUTO_PULL_MAX_GB)"],
		["hf.co/someone/model:Q4", "only models of Ollama's own registry are"],
	] as const)("is refused at once, with the reason: %s", async ([model, why], { expect }) => {
		const refused = await chat(household, model);
		expect(refused.status).toBe(404);
		expect(refused.error).toBe(`model '${model}' not found: none of the fleet's 2 nodes has it installed; not pulled: ${why}`);
		expect((await household.status()).pulls).toEqual([]);
	});

	it("is not pulled while one of the request's own fallbacks can answer", async ({ expect }) => {
		const body = { model: "brand-new:1b", fallback_models: ["qwen3:8b"], messages: [{ role: "user", content: "Hello" }], stream: false };
		const response = await fetch(`${household.url}/v1/chat/completions`, { method: "POST", body: JSON.stringify(body) });
		await response.arrayBuffer();
		expect([response.status, response.headers.get("x-fleet-served-model")]).toEqual([200, "qwen3:8b"]);
		expect((await household.status()).pulls).toEqual([]);
	});

	it("is no longer waited for when the node's Ollama can't get it either", async ({ expect }) => {
		const refused = await chat(household, "lost-since:7b");
		expect(refused.status).toBe(502);
		const words = "model 'lost-since:7b' not found: pulling it to studio failed: pull model manifest: file does not exist";
		expect(refused.error).toBe(words);
		const [failed] = (await household.status()).pulls;
		expect(failed).toMatchObject({ model: "lost-since:7b", status: "failed", error: words.replace(/^[^:]*:[^:]*: /, "") });
		expect((await chat(household, "lost-since:7b")).error).toBe(words);
		expect(studio.simulated.snapshot().requestIds).toEqual([]);
	});
});

describe("a machine that dies in the middle of a pull", () => {
	it("is replaced by another, and the request never notices", async ({ expect }) => {
		const household = await startPulling();
		try {
			const slow = await addMachine(household, { nodeId: "studio", models: ["qwen3:8b"], timeScale: 1 });
			await addMachine(household, { nodeId: "gaming", profile: "gaming-pc", models: ["qwen3:8b"] });
			await household.ready("studio", "gaming");
			const answer = chat(household, BIG);
			await until("the pull is under way", async () => {
				const [pull] = (await household.status()).pulls;
				return pull?.node_id === "studio" && pull.completed_bytes > 0;
			});
			await slow.simulated.stop();
			expect(await answer).toMatchObject({ status: 200, node: "gaming" });
		} finally {
			await household.stop();
		}
	});
});

describe("a pull under way", () => {
	const MODEL = "brand-new:1b";
	let household: Household;
	let upstream: ScriptedOllama;
	let pull: Arrived;
	const clients: RawClient[] = [];

	beforeEach(async () => {
		household = await startPulling({ FLEET_AUTO_PULL_TIMEOUT: "2" });
		upstream = household.add(await startScriptedOllama("script:1b"));
		household.add(await startAgentOf(household, { nodeId: "script", ollamaUrl: upstream.url, token: household.joinToken }));
		await household.ready("script");
	});

	afterEach(async () => {
		for (const client of clients.splice(0)) client.destroy();
		await household?.stop();
	});

	async function ask(): Promise<RawClient> {
		const client = await RawClient.open(household.port);
		clients.push(client);
		client.send(requestBytes(household.port, { path: "/api/chat", body: JSON.stringify({ model: MODEL, messages: [] }) }));
		return client;
	}

	/** A client asks, and the node begins to pull. */
	async function begin(): Promise<RawClient> {
		const client = await ask();
		pull = await upstream.next();
		pull.response.writeHead(200, { "content-type": "application/x-ndjson" });
		progress(500_000);
		return client;
	}

	function progress(completed: number): void {
		pull.response.write(`${JSON.stringify({ status: "pulling abc", digest: "sha256:abc", total: 2_000_000, completed })}\n`);
	}

	const waiting = (count: number) =>
		until(`${count} wait`, async () => (await household.status()).pulls.some((one) => one.model === MODEL && one.waiting === count));

	it("is asked for once, goes on when its clients leave, and serves who comes later", async ({ expect }) => {
		const first = await begin();
		expect([pull.path, pull.body.toString()]).toEqual(["/api/pull", `{"model":"${MODEL}","stream":true}`]);
		const second = await ask();
		await waiting(2);
		first.leave();
		await waiting(1);
		second.reset();
		await waiting(0);
		progress(1_000_000);
		await until("the progress shows", async () => (await household.status()).pulls[0]?.completed_bytes === 1_000_000);
		expect([pull.socket.destroyed, upstream.untaken]).toEqual([false, 0]);
		const third = await ask();
		await waiting(1);
		upstream.install(MODEL);
		pull.response.end('{"status":"success"}\n');
		const { path, response } = await upstream.next();
		expect(path).toBe("/api/chat");
		response.writeHead(200, { "content-type": "application/x-ndjson" }).end('{"done":true}\n');
		expect(await third.wholeAnswer()).toMatchObject({ status: 200, whole: true });
	});

	it("is not waited for longer than allowed, and goes on", async ({ expect }) => {
		const client = await begin();
		const { status, headers, body } = await client.wholeAnswer();
		expect([status, Number(headers.get("retry-after")) >= 2]).toEqual([503, true]);
		expect(JSON.parse(body.toString())).toEqual({
			error: `model '${MODEL}' not found: it is being pulled to script, 0.0 of 0.0 GB so far; the pull goes on, please try again`,
		});
		expect(pull.socket.destroyed).toBe(false);
		expect((await household.status()).pulls).toMatchObject([{ model: MODEL, status: "pulling abc", waiting: 0 }]);
	});

	it("ends at the node when it is cancelled", async ({ expect }) => {
		const client = await begin();
		await waiting(1);
		const cancelled = await fetch(`${household.url}/fleet/pulls/library/${MODEL}`, { method: "DELETE" });
		expect(await cancelled.json()).toEqual({ ok: true, model: `library/${MODEL}` });
		expect(JSON.parse((await client.wholeAnswer()).body.toString())).toEqual({
			error: `model '${MODEL}' not found: its pull was cancelled`,
		});
		await until("Ollama's connection is closed", () => pull.socket.destroyed);
		expect((await fetch(`${household.url}/fleet/pulls/${MODEL}`, { method: "DELETE" })).status).toBe(404);
	});

	it("leaves nothing behind that counts as a model when it breaks off", async ({ expect }) => {
		const client = await begin();
		await until("the progress shows", async () => (await household.status()).pulls[0]?.completed_bytes === 500_000);
		pull.socket.destroy();
		const { status, body } = await client.wholeAnswer();
		expect([status, JSON.parse(body.toString())]).toEqual([
			502,
			{ error: `model '${MODEL}' not found: pulling it to script failed: the connection to it broke` },
		]);
		expect(JSON.stringify(await (await fetch(`${household.url}/api/tags`)).json())).not.toContain(MODEL);
	});
});

describe("a client that waits long for a pull", () => {
	it("is told how far it is, where its API has room for that", async ({ expect }) => {
		const household = await startPulling({ FLEET_EARLY_BYTES_AFTER_S: "0.05", FLEET_EARLY_BYTES_EVERY_S: "0.05" });
		const client = await RawClient.open(household.port);
		try {
			const studio = await addMachine(household, { nodeId: "studio", models: ["qwen3:8b"], timeScale: 10 });
			await household.ready("studio");
			const body = JSON.stringify({ model: BIG, stream: true, max_tokens: 3, messages: [{ role: "user", content: "Hello" }] });
			client.send(requestBytes(household.port, { path: "/v1/chat/completions", body }));
			const { body: heard } = await client.wholeAnswer();
			const news = heard.toString().match(/^: gemma3:12b is being pulled to studio, [1-7]\.\d of 8\.2 GB so far$/gm);
			expect(news?.length).toBeGreaterThan(0);
			expect(heard.toString()).toMatch(/data: \[DONE\]\n\n$/);
			expect(studio.simulated.snapshot().requestIds).toEqual([]);
		} finally {
			client.destroy();
			await household.stop();
		}
	});
});
