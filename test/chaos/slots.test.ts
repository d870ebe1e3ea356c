/** Many clients at once: no node gets more than it runs at a time, nobody is turned away, and the figures agree. */
import { Ollama } from "ollama";
import OpenAI from "openai";
import { afterAll, beforeAll, it } from "vitest";
import { startSimulatedOllama, type SimulatedOllama } from "../../agent/src/simulate/server.ts";
import { startAgentProcess } from "../journeys/agent-process.ts";
import { Household } from "../journeys/household.ts";
import { until } from "../journeys/until.ts";

const MODEL = "tiny";
const CLIENTS = 200;
const HELLO = [{ role: "user" as const, content: "Hello" }];
const TOKENS = 6;

interface Node {
	readonly nodeId: string;
	readonly numParallel: number;
	readonly simulated: SimulatedOllama;
}

let household: Household;
let nodes: Node[];

beforeAll(async () => {
	household = await Household.start();
	nodes = await Promise.all([startNode("one-place", 1), startNode("two-places", 2)]);
	for (const { nodeId, numParallel } of nodes) {
		await household.ready(nodeId);
		await until(`the places of ${nodeId} are known`, async () => (await household.node(nodeId))?.ollama.num_parallel === numParallel);
	}
});

afterAll(() => household?.stop());

async function startNode(nodeId: string, numParallel: number): Promise<Node> {
	const simulated = household.add(await startSimulatedOllama({ profile: "golden", models: [MODEL], resident: [MODEL], numParallel }));
	household.add(startAgentProcess(household, { nodeId, ollamaUrl: simulated.url, token: household.joinToken, numParallel }));
	return { nodeId, numParallel, simulated };
}

/** Both dialects, streaming and whole, in turn. Resolves with the text. */
function ask(index: number, clients: { openai: OpenAI; ollama: Ollama }): Promise<string> {
	const kinds = [chatStreamed, chatWhole, completionStreamed, completionWhole];
	const kind = kinds[index % kinds.length] ?? chatWhole;
	return kind(clients);
}

async function chatStreamed({ ollama }: { ollama: Ollama }): Promise<string> {
	let text = "";
	for await (const { message } of await ollama.chat({ model: MODEL, messages: HELLO, stream: true, options: { num_predict: TOKENS } }))
		text += message.content;
	return text;
}

async function chatWhole({ ollama }: { ollama: Ollama }): Promise<string> {
	return (await ollama.chat({ model: MODEL, messages: HELLO, options: { num_predict: TOKENS } })).message.content;
}

async function completionStreamed({ openai }: { openai: OpenAI }): Promise<string> {
	let text = "";
	const stream = await openai.chat.completions.create({
		model: MODEL,
		messages: HELLO,
		stream: true,
		max_tokens: TOKENS,
		stream_options: { include_usage: true },
	});
	for await (const { choices } of stream) text += choices[0]?.delta.content ?? "";
	return text;
}

async function completionWhole({ openai }: { openai: OpenAI }): Promise<string> {
	return (await openai.chat.completions.create({ model: MODEL, messages: HELLO, max_tokens: TOKENS })).choices[0]?.message.content ?? "";
}

/** Work that a node had both before and after a look at the router, so certainly at the look. */
function steady(before: readonly object[], after: readonly object[]): number {
	return before.filter((work) => after.includes(work)).length;
}

/** Looks at simulators and router together until `over`; returns what was wrong, and the most that ran at once. */
async function watch(over: () => boolean): Promise<{ wrong: string[]; peak: Record<string, number>; looks: number; mostWaiting: number }> {
	const wrong: string[] = [];
	const peak: Record<string, number> = {};
	let looks = 0;
	let mostWaiting = 0;
	for (; !over(); looks++) {
		const before = nodes.map(({ simulated }) => simulated.snapshot());
		const { fleet, queues } = await household.status();
		const leases = Object.values(queues).reduce((sum, { in_flight }) => sum + in_flight, 0);
		const pending = Object.values(queues).reduce((sum, queue) => sum + queue.pending, 0);
		mostWaiting = Math.max(mostWaiting, pending);
		if (leases !== fleet.requests_active || pending !== fleet.requests_waiting)
			wrong.push(`queues say ${leases}+${pending}, fleet says ${JSON.stringify(fleet)}`);
		if (leases + pending > CLIENTS) wrong.push(`${leases + pending} requests of ${CLIENTS}`);
		for (const [index, { nodeId, numParallel, simulated }] of nodes.entries()) {
			const now = simulated.snapshot();
			const inFlight = queues[`${nodeId}:${MODEL}:latest`]?.in_flight ?? 0;
			const atWork = steady(before[index]?.running ?? [], now.running);
			peak[nodeId] = Math.max(peak[nodeId] ?? 0, now.running.length);
			if (inFlight > numParallel) wrong.push(`${nodeId}: ${inFlight} leases on ${numParallel} places`);
			if (inFlight < atWork) wrong.push(`${nodeId}: ${atWork} at work with ${inFlight} leases`);
			if (now.running.length > numParallel) wrong.push(`${nodeId}: ${now.running.length} at work on ${numParallel} places`);
			if (now.queue > 0 || now.resident.some(({ waiting }) => waiting > 0)) wrong.push(`${nodeId}: work waits inside its Ollama`);
		}
	}
	return { wrong, peak, looks, mostWaiting };
}

it("200 clients are served with never more in flight than there are places", async ({ expect }) => {
	const openai = new OpenAI({ baseURL: `${household.url}/v1`, apiKey: "unused", maxRetries: 0 });
	const ollama = new Ollama({ host: household.url });
	let over = false;
	const watched = watch(() => over);
	const texts = await Promise.all(Array.from({ length: CLIENTS }, (_, index) => ask(index, { openai, ollama }))).finally(() => {
		over = true;
	});
	const { wrong, peak, looks, mostWaiting } = await watched;
	expect(texts.filter((text) => text.trim() === "")).toEqual([]);
	expect(wrong).toEqual([]);
	// The watch saw the crowd, and both nodes full
	expect(looks).toBeGreaterThan(20);
	expect(mostWaiting).toBeGreaterThan(100);
	expect(peak).toEqual({ "one-place": 1, "two-places": 2 });
});

it("leaves one completed row for each, and nothing behind", async ({ expect }) => {
	const { fleet, queues } = await household.idle();
	const rows = await until("all rows are written", async () => {
		const all = await household.traces(1000);
		return all.length >= CLIENTS && all;
	});
	expect(rows).toHaveLength(CLIENTS);
	expect(new Set(rows.map(({ request_id }) => request_id)).size).toBe(CLIENTS);
	expect(rows.filter(({ status }) => status !== "completed")).toEqual([]);
	expect(rows.filter(({ retry_count }) => retry_count > 0)).toEqual([]);
	expect(rows.reduce((sum, { completion_tokens }) => sum + (completion_tokens ?? 0), 0)).toBe(CLIENTS * TOKENS);
	expect(fleet).toMatchObject({ requests_active: 0, requests_waiting: 0 });
	for (const { nodeId, simulated } of nodes) {
		const served = rows.filter(({ node_id }) => node_id === nodeId).length;
		expect(simulated.snapshot()).toMatchObject({ running: [], queue: 0, completed: served });
		expect(queues[`${nodeId}:${MODEL}:latest`]).toMatchObject({ pending: 0, in_flight: 0, completed: served, failed: 0 });
	}
});
