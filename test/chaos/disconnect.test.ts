/** A client that leaves: the node stops working for it, its place is free again, and the trace says what happened. */
import OpenAI from "openai";
import { afterAll, afterEach, beforeAll, describe, it } from "vitest";
import { Household } from "../journeys/household.ts";
import { addMachine, type Machine, startAgentOf } from "../journeys/machine.ts";
import { RawClient, requestBytes } from "../journeys/raw-http.ts";
import { startScriptedOllama } from "../journeys/scripted-ollama.ts";
import { until } from "../journeys/until.ts";

/** Speaks without end, at a lifelike pace: it stops only when it is made to. */
const MODEL = "slow";
const NOT_LOADED = "slow2";
const WAYS = [
	{ way: "leave", name: "closes in order (FIN)" },
	{ way: "reset", name: "is cut off (RST)" },
] as const;

let household: Household;
let machine: Machine;
let clients: RawClient[] = [];

beforeAll(async () => {
	household = await Household.start();
	machine = await addMachine(household, {
		nodeId: "golden",
		profile: "golden",
		models: [MODEL, NOT_LOADED],
		resident: [MODEL],
		timeScale: 1,
	});
	await household.ready("golden");
});

afterEach(async () => {
	for (const client of clients) client.destroy();
	clients = [];
	await household.idle();
	await until("the machine is idle", () => machine.simulated.snapshot().running.length === 0);
});

afterAll(() => household?.stop());

/** Its tag finds the trace of a client that never saw a header. */
async function ask(tag: string, { words = 1, model = MODEL, path = "/api/chat" } = {}): Promise<RawClient> {
	const messages = [{ role: "user", content: Array.from({ length: words }, (_, index) => `${tag}-${index}`).join(" ") }];
	const client = await RawClient.open(household.port);
	clients.push(client);
	client.send(
		requestBytes(household.port, { path, headers: { "X-Herd-Tags": tag }, body: JSON.stringify({ model, messages, stream: true }) }),
	);
	return client;
}

function traceTagged(tag: string) {
	return until(`the trace tagged ${tag} is there`, async () => (await household.traces()).find(({ tags }) => tags?.includes(tag)));
}

async function speaking(client: RawClient): Promise<void> {
	await until("the node speaks", () => (client.answer?.body.byteLength ?? 0) > 0);
}

async function silence(): Promise<void> {
	await until("the node has stopped", () => machine.simulated.snapshot().running.length === 0);
	expectFree((await household.idle()).fleet);
}

function expectFree({ requests_active, requests_waiting }: { requests_active: number; requests_waiting: number }): void {
	if (requests_active + requests_waiting > 0) throw new Error("A place is still taken");
}

describe.for(WAYS)("a client that $name", ({ way }) => {
	it.for(["/api/chat", "/v1/chat/completions"])("stops a stream: %s", async (path, { expect }) => {
		const tag = `stream ${way} ${path}`;
		const client = await ask(tag, { path });
		await speaking(client);
		client[way]();
		await silence();
		const trace = await traceTagged(tag);
		expect(trace).toMatchObject({
			status: "client_disconnected",
			node_id: "golden",
			attempts: [{ node_id: "golden" }],
			error_message: null,
		});
		expect(trace.time_to_first_token_ms).not.toBeNull();
	});

	it("is out of the queue at once when it waits", async ({ expect }) => {
		const running = await ask(`runs before ${way}`);
		await speaking(running);
		const waiting = await ask(`queue ${way}`);
		await until("one waits", async () => (await household.status()).fleet.requests_waiting === 1);
		waiting[way]();
		await until("nobody waits", async () => (await household.status()).fleet.requests_waiting === 0);
		expect(await traceTagged(`queue ${way}`)).toMatchObject({ status: "client_disconnected", node_id: "", attempts: [], retry_count: 0 });
		// The one before it is not disturbed, and the node never heard of the other
		expect(machine.simulated.snapshot()).toMatchObject({ running: [{ model: "slow:latest" }], queue: 0 });
		expect((await household.status()).fleet).toMatchObject({ requests_active: 1, requests_waiting: 0 });
	});

	it("ends the work before its first byte", async ({ expect }) => {
		// The prompt takes the simulated machine some seconds to read
		const client = await ask(`prefill ${way}`, { words: 20 });
		await until("the node reads the prompt", () => machine.simulated.snapshot().running.length === 1);
		client[way]();
		expect(client.received.byteLength).toBe(0);
		const trace = await traceTagged(`prefill ${way}`);
		expect(trace).toMatchObject({ status: "client_disconnected", node_id: "golden", time_to_first_token_ms: null });
		await silence();
	});
});

it("a client that leaves while its model is loaded frees its place once it is", async ({ expect }) => {
	const { faults, snapshot } = machine.simulated;
	faults.loadSlowdown = 4;
	const client = await ask("load", { model: NOT_LOADED });
	await until("the node loads", () => snapshot().loading !== undefined);
	client.leave();
	expect(await traceTagged("load")).toMatchObject({ status: "client_disconnected", node_id: "golden", time_to_first_token_ms: null });
	await silence();
	expect(snapshot().resident.map(({ name }) => name)).toContain(`${NOT_LOADED}:latest`);
	faults.loadSlowdown = 1;
});

it("the next in the queue gets the place of one who leaves", async ({ expect }) => {
	const first = await ask("first of two");
	await speaking(first);
	const second = await ask("second of two");
	await until("one waits", async () => (await household.status()).fleet.requests_waiting === 1);
	first.leave();
	await speaking(second);
	second.leave();
	await silence();
	expect(await traceTagged("second of two")).toMatchObject({ status: "client_disconnected", node_id: "golden" });
	expect((await traceTagged("second of two")).queue_ms).toBeGreaterThan(0);
});

it("the official client's own way of stopping does the same", async ({ expect }) => {
	const openai = new OpenAI({
		baseURL: `${household.url}/v1`,
		apiKey: "unused",
		maxRetries: 0,
		defaultHeaders: { "X-Herd-Tags": "official" },
	});
	const stream = await openai.chat.completions.create({ model: MODEL, messages: [{ role: "user", content: "Hello" }], stream: true });
	for await (const _ of stream) break;
	await silence();
	expect(await traceTagged("official")).toMatchObject({ status: "client_disconnected", node_id: "golden", original_format: "openai" });
});

/** OpenAI's client closes the connection at `[DONE]`: it does not wait for the end of the body. */
it.for([
	[
		"/v1/chat/completions",
		"text/event-stream",
		'data: {"choices":[{"delta":{"content":"Hi"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n',
	],
	["/api/chat", "application/x-ndjson", '{"message":{"content":"Hi"},"done":false}\n{"done":true,"done_reason":"stop","eval_count":1}\n'],
] as const)("a client that leaves once it has the whole answer has been served: %s", async ([path, type, body], { expect }) => {
	const model = `script${path.length}:1b`;
	const ollama = household.add(await startScriptedOllama(model));
	household.add(await startAgentOf(household, { nodeId: `script${path.length}`, ollamaUrl: ollama.url, token: household.joinToken }));
	await household.ready(`script${path.length}`);
	const client = await ask(`whole ${path}`, { model, path });
	const { response } = await ollama.next();
	response.writeHead(200, { "content-type": type }).write(body);
	await until("the client has it all", () => client.answer?.body.toString() === body);
	client.leave();
	expect(await traceTagged(`whole ${path}`)).toMatchObject({ status: "completed", finish_reason: "stop" });
});
