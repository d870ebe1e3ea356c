import type { Agent } from "node:http";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, it } from "vitest";
import { Household } from "../journeys/household.ts";
import { startAgentOf } from "../journeys/machine.ts";
import { until } from "../journeys/until.ts";
import { compare, connections, describeCompared, isSame } from "./hostile/compare.ts";
import { lawfulBecause } from "./hostile/differences.ts";
import { type HostileRequest, hostileRequest } from "./hostile/generator.ts";
import { goodRequest, ODD_NAMES, ROUTES } from "./hostile/requests.ts";
import { send } from "./hostile/send.ts";
import { NEUTRAL, type Pair, startPair } from "./pair.ts";
import { type RecordingOllama, startRecordingOllama } from "./recording-ollama.ts";

const SEED = 20_261_124;
/** As many rows as the router keeps at hand for one look. */
const ROWS = 200;
const JSON_HEADERS = { "content-type": "application/json" };

function requestOf(path: string, fields: Record<string, unknown>): HostileRequest {
	return { path, headers: JSON_HEADERS, body: Buffer.from(JSON.stringify({ ...goodRequest(path), ...fields })) };
}

/** What is wrong with the router's answer. */
async function problemOf(pair: Pair, request: HostileRequest, agent: Agent): Promise<string | undefined> {
	const compared = await compare(pair, request, agent);
	if (isSame(compared) || lawfulBecause(compared) !== undefined) return undefined;
	return describeCompared(compared);
}

describe.for([
	{ name: "Ollama 0.32.15, nothing rewritten", version: "0.32.15", variables: NEUTRAL, runs: 1000 },
	{ name: "Ollama 0.32.15, the router as it comes", version: "0.32.15", variables: {}, runs: 300 },
	{ name: "Ollama 0.24.0, nothing rewritten", version: "0.24.0", variables: NEUTRAL, runs: 300 },
])("hostile bodies get from the router what they get from the node: $name", ({ version, variables, runs }) => {
	let pair: Pair;
	let agent: Agent;

	beforeAll(async () => {
		pair = await startPair(version, {}, variables);
		agent = connections();
	});
	afterAll(async () => {
		agent?.destroy();
		await pair?.stop();
	});

	it(`in status and words, ${runs} times from the seed ${SEED}`, async ({ expect }) => {
		const property = fc.asyncProperty(hostileRequest, async (request) => {
			const problem = await problemOf(pair, request, agent);
			if (problem !== undefined) throw new Error(problem);
		});
		const { failed, errorInstance, numRuns } = await fc.check(property, { seed: SEED, numRuns: runs });
		expect(failed, `Shrunk to the smallest, after ${numRuns} requests: ${String(errorInstance)}`).toBe(false);
	});

	it.for(ROUTES)("for a model of any odd name: %s", async (path, { expect }) => {
		const problems: string[] = [];
		for (const model of ODD_NAMES) {
			const problem = await problemOf(pair, requestOf(path, { model }), agent);
			if (problem !== undefined) problems.push(problem);
		}
		expect(problems).toEqual([]);
	});

	it("and leave nothing behind: no lease, no place, no work", async ({ expect }) => {
		await pair.household.idle();
		await until("the machine rests", () => pair.routed.simulated.snapshot().running.length === 0);
		const status = await pair.household.status();
		expect(status.nodes.map(({ status: state, blocked_by }) => ({ state, blocked_by }))).toEqual([{ state: "online", blocked_by: [] }]);
		for (const path of ROUTES) expect((await send(pair.routed.url, requestOf(path, {}), agent)).status).toBe(200);
	});

	it("and a row each", async ({ expect }) => {
		const ids: unknown[] = [];
		for (const request of fc.sample(hostileRequest, { seed: SEED + 1, numRuns: ROWS / 2 }))
			ids.push((await send(pair.routed.url, request, agent)).headers["x-request-id"]);
		expect(ids.every((id) => typeof id === "string")).toBe(true);
		await until("every request has its row", async () => {
			const rows = (await pair.household.traces(ROWS)).map(({ request_id }) => request_id);
			return ids.every((id) => rows.filter((row) => row === id).length === 1);
		});
	});
});

describe("bodies that the router need not understand", () => {
	let household: Household;
	let upstream: RecordingOllama;
	let agent: Agent;

	beforeAll(async () => {
		household = await Household.start({ variables: NEUTRAL });
		upstream = household.add(await startRecordingOllama());
		household.add(await startAgentOf(household, { nodeId: "recorder", ollamaUrl: upstream.url, token: household.joinToken }));
		await household.ready("recorder");
		agent = connections();
	});
	afterAll(async () => {
		agent?.destroy();
		await household?.stop();
	});

	const KEYS = ["prompt", "input", "messages", "options", "metadata", "format", "content"];
	const DEPTHS = [1000, 9_990, 10_010, 100_000];
	const CASES = KEYS.flatMap((key) => DEPTHS.map((depth) => [key, depth] as const));

	it.for(CASES)("reach the node, whose affair they are, and harm nobody: %s, %i deep", async ([key, depth], { expect }) => {
		for (const [open, core, close] of [
			["[", "", "]"],
			['{"text":', "1", "}"],
		] as const) {
			const deep = open.repeat(depth) + core + close.repeat(depth);
			const value = key === "content" ? `[{"role":"user","content":${deep}}]` : deep;
			const body = Buffer.from(`{"model":"${upstream.model}","${key === "content" ? "messages" : key}":${value}}`);
			for (const path of ["/api/chat", "/api/generate"]) {
				const answer = await send(household.url, { path, headers: JSON_HEADERS, body }, agent);
				expect([path, open, answer.status, answer.status === 200 ? "" : answer.body]).toEqual([path, open, 200, ""]);
				expect(upstream.taken().map((received) => received.equals(body))).toEqual([true]);
			}
		}
		await household.idle();
	});

	it.for([
		["/api/chat", { images: ["x"] }],
		["/api/embed", { images: ["x"] }],
		["/v1/embeddings", { images: ["x"] }],
		["/v1/completions", { images: ["x"] }],
		["/v1/chat/completions", { messages: [{ role: "user", content: "Hello", images: ["x"] }] }],
		["/v1/messages", { messages: [{ role: "user", content: "Hello", images: ["x"] }] }],
	] as const)("reach a blind model with a field called images where the route has none: %s %j", async ([path, fields], { expect }) => {
		const request = requestOf(path, { ...fields, model: upstream.model });
		const answer = await send(household.url, request, agent);
		expect([answer.status, answer.status === 200 ? "" : answer.body]).toEqual([200, ""]);
		expect(upstream.taken().map((received) => received.equals(request.body))).toEqual([true]);
	});
});
