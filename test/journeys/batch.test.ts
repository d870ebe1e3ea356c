/** A large batch beside people who wait for their first token. */
import { afterAll, beforeAll, it } from "vitest";
import { Household } from "./household.ts";
import { addMachine } from "./machine.ts";
import { until } from "./until.ts";

const CHAT = "llama3.1:8b";
const EMBEDDER = "nomic-embed-text";
const EMBEDDINGS = 500;
/** So long that its reading takes far longer than the machine here needs for anything. */
const PROMPT = "A long question. ".repeat(300);

let household: Household;

beforeAll(async () => {
	household = await Household.start();
	const models = { models: [CHAT, EMBEDDER], resident: [CHAT, EMBEDDER] };
	await addMachine(household, { nodeId: "studio", profile: "mac-studio", timeScale: 4, ...models });
	await addMachine(household, { nodeId: "mini", profile: "mac-mini", timeScale: 4, ...models });
	await household.ready("studio", "mini");
});

afterAll(() => household?.stop());

let asked = 0;

/** Milliseconds to the first token of one chat, as its trace tells. */
async function firstTokenMs(): Promise<number> {
	const messages = [{ role: "user", content: `${asked++} ${PROMPT}` }];
	const body = JSON.stringify({ model: CHAT, messages, options: { num_predict: 4 } });
	const response = await fetch(`${household.url}/api/chat`, { method: "POST", headers: { "x-herd-tags": "person" }, body });
	await response.text();
	return (await household.traceOf(response.headers.get("x-request-id"))).time_to_first_token_ms ?? Number.NaN;
}

async function median(count: number): Promise<number> {
	const times: number[] = [];
	for (let index = 0; index < count; index++) times.push(await firstTokenMs());
	return times.toSorted((a, b) => a - b)[Math.floor(count / 2)] ?? Number.NaN;
}

function embed(index: number): Promise<Response> {
	const body = JSON.stringify({ model: EMBEDDER, input: `${index} ${"some text ".repeat(150)}` });
	return fetch(`${household.url}/api/embed`, { method: "POST", headers: { "x-fleet-class": "batch" }, body });
}

it("leaves a chat's first token within 1.3 times of what it is without, and every part of it is answered", async ({ expect }) => {
	await median(5);
	const alone = await median(9);
	const batch = Array.from({ length: EMBEDDINGS }, (_, index) => embed(index));
	await until("the batch is under way", async () => (await household.status()).fleet.requests_waiting > 0);
	const beside = await median(9);
	const { requests_waiting: left } = (await household.status()).fleet;
	const statuses = (await Promise.all(batch)).map(({ status }) => status);
	expect(left).toBeGreaterThan(0);
	expect(beside / alone).toBeLessThan(1.3);
	expect(statuses.filter((status) => status === 200)).toHaveLength(EMBEDDINGS);
});
