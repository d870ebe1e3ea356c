/** A machine dies or errs: the client hears nothing of it while another can answer, and the truth when none can. */
import { afterAll, beforeAll, describe, it } from "vitest";
import { type AgentProcess, startAgentProcess } from "../journeys/agent-process.ts";
import { Household } from "../journeys/household.ts";
import { freePort } from "../journeys/free-port.ts";
import { RawClient, requestBytes } from "../journeys/raw-http.ts";
import { type ScriptedOllama, startScriptedOllama } from "../journeys/scripted-ollama.ts";
import { until } from "../journeys/until.ts";

const NDJSON = "application/x-ndjson";
const FIRST_LINE = '{"message":{"content":"Hello"},"done":false}\n';
const LAST_LINE = '{"message":{"content":""},"done":true,"done_reason":"stop","prompt_eval_count":1,"eval_count":3}\n';

interface Node {
	readonly nodeId: string;
	readonly ollama: ScriptedOllama;
	readonly agent: AgentProcess;
}

let household: Household;
let pairs = 0;

beforeAll(async () => {
	household = await Household.start({ variables: { FLEET_VRAM_FALLBACK: "false" } });
});

afterAll(() => household?.stop());

/** Two machines with a model of their own: it is in the memory of `hot`, so that one is chosen, and on the disk of `cold`. */
async function startPair(): Promise<{ model: string; hot: Node; cold: Node }> {
	pairs++;
	const model = `pair-${pairs}:1b`;
	const [hot, cold] = await Promise.all([startNode(`hot-${pairs}`, model, false), startNode(`cold-${pairs}`, model, true)]);
	await household.ready(hot.nodeId, cold.nodeId);
	return { model, hot, cold };
}

async function startNode(nodeId: string, model: string, isCold: boolean): Promise<Node> {
	const ollama = household.add(await startScriptedOllama(model, { cold: isCold }));
	const agent = household.add(startAgentProcess(household, { nodeId, ollamaUrl: ollama.url, token: household.joinToken }));
	return { nodeId, ollama, agent };
}

async function chat(model: string): Promise<RawClient> {
	const client = await RawClient.open(household.port);
	client.send(
		requestBytes(household.port, { path: "/api/chat", body: JSON.stringify({ model, messages: [{ role: "user", content: "Hello" }] }) }),
	);
	return client;
}

/** The answer of a node that does its work. */
async function answerFrom(node: Pick<Node, "nodeId" | "ollama">): Promise<void> {
	(await node.ollama.next()).response.writeHead(200, { "content-type": NDJSON }).end(FIRST_LINE + LAST_LINE);
}

/** All rows of a model: there must be as many as there were requests. */
async function rowsOf(model: string, requestId: string | undefined) {
	await household.traceOf(requestId);
	return (await household.traces()).filter((trace) => trace.original_model === model);
}

describe("before the first byte", () => {
	it.for([
		["its agent is killed", "door-lost"],
		["its Ollama dies", "reset"],
	] as const)("another node answers when %s", async ([death, failure], { expect }) => {
		const { model, hot, cold } = await startPair();
		const client = await chat(model);
		const arrived = await hot.ollama.next();
		if (death === "its agent is killed") await hot.agent.kill();
		else arrived.socket.resetAndDestroy();
		await answerFrom(cold);
		const answer = await client.wholeAnswer();
		client.destroy();
		expect([answer.status, answer.whole, answer.body.toString()]).toEqual([200, true, FIRST_LINE + LAST_LINE]);
		expect(answer.headers.get("x-fleet-node")).toBe(cold.nodeId);
		expect(answer.headers.get("x-fleet-retries")).toBe("1");
		const rows = await rowsOf(model, answer.headers.get("x-request-id"));
		expect(rows).toHaveLength(1);
		expect(rows[0]).toMatchObject({
			status: "completed",
			node_id: cold.nodeId,
			retry_count: 1,
			excluded_nodes: [hot.nodeId],
			attempts: [{ node_id: hot.nodeId, failure }, { node_id: cold.nodeId }],
		});
		expect(rows[0]?.attempts[1]).not.toHaveProperty("failure");
	});

	it("another node answers when the chosen one has been dead for a while", async ({ expect }) => {
		const { model, hot, cold } = await startPair();
		await hot.agent.kill();
		const client = await chat(model);
		await answerFrom(cold);
		const answer = await client.wholeAnswer();
		client.destroy();
		expect([answer.status, answer.body.toString()]).toEqual([200, FIRST_LINE + LAST_LINE]);
		expect(await household.traceOf(answer.headers.get("x-request-id"))).toMatchObject({
			retry_count: 1,
			attempts: [{ node_id: hot.nodeId, failure: "door-lost" }, { node_id: cold.nodeId }],
		});
	});

	it("nobody else is sent to a node whose door did not answer", async ({ expect }) => {
		const { model, hot, cold } = await startPair();
		await hot.agent.kill();
		const first = await chat(model);
		await answerFrom(cold);
		await first.wholeAnswer();
		first.destroy();
		await until("its loss is known", async () => (await household.node(hot.nodeId))?.blocked_by.includes("door-unreachable"));
		const second = await chat(model);
		await answerFrom(cold);
		const answer = await second.wholeAnswer();
		second.destroy();
		expect([answer.status, answer.headers.get("x-fleet-retries")]).toEqual([200, "0"]);
	});

	it("an agent that was killed and started again serves the next request", async ({ expect }) => {
		const model = "restarted:1b";
		const ollama = household.add(await startScriptedOllama(model));
		const facts = { nodeId: "restarted", ollamaUrl: ollama.url, token: household.joinToken, port: await freePort() };
		const before = household.add(startAgentProcess(household, facts));
		await household.ready("restarted");
		await before.kill();
		const restartedAt = Date.now();
		household.add(startAgentProcess(household, facts));
		await until(
			"it beats again",
			async () => Date.now() - ((await household.node("restarted"))?.last_seen_ago_ms ?? Infinity) > restartedAt,
		);
		const client = await chat(model);
		await until("the request arrives or is refused", () => ollama.untaken > 0 || client.answer);
		expect(client.answer).toBeUndefined();
		await answerFrom({ nodeId: "restarted", ollama });
		const answer = await client.wholeAnswer();
		client.destroy();
		expect([answer.status, answer.headers.get("x-fleet-retries")]).toEqual([200, "0"]);
	});

	it("another node answers when the chosen one answers 500", async ({ expect }) => {
		const { model, hot, cold } = await startPair();
		const client = await chat(model);
		(await hot.ollama.next()).response.writeHead(500, { "content-type": "application/json" }).end('{"error":"out of memory"}');
		await answerFrom(cold);
		const answer = await client.wholeAnswer();
		client.destroy();
		expect([answer.status, answer.body.toString()]).toEqual([200, FIRST_LINE + LAST_LINE]);
		expect(await household.traceOf(answer.headers.get("x-request-id"))).toMatchObject({
			status: "completed",
			retry_count: 1,
			attempts: [{ node_id: hot.nodeId, failure: "server-error" }, { node_id: cold.nodeId }],
		});
	});

	it("the client hears the first failure's own words when all have failed", async ({ expect }) => {
		const { model, hot, cold } = await startPair();
		const client = await chat(model);
		const body = '{"error":"llama runner process has terminated: signal: killed"}';
		(await hot.ollama.next()).response.writeHead(500, { "content-type": "application/json; charset=utf-8" }).end(body);
		(await cold.ollama.next()).response.writeHead(503, { "content-type": "text/plain" }).end("busy");
		const answer = await client.wholeAnswer();
		client.destroy();
		expect([answer.status, answer.headers.get("content-type"), answer.body.toString()]).toEqual([
			500,
			"application/json; charset=utf-8",
			body,
		]);
		const rows = await rowsOf(model, answer.headers.get("x-request-id"));
		expect(rows).toHaveLength(1);
		expect(rows[0]).toMatchObject({
			status: "failed",
			retry_count: 1,
			attempts: [
				{ node_id: hot.nodeId, failure: "server-error" },
				{ node_id: cold.nodeId, failure: "server-error" },
			],
		});
	});

	it("the client is told what happened when both machines are gone", async ({ expect }) => {
		const { model, hot, cold } = await startPair();
		await Promise.all([hot.agent.kill(), cold.agent.kill()]);
		const client = await chat(model);
		const answer = await client.wholeAnswer();
		client.destroy();
		expect(answer.status).toBe(502);
		expect(JSON.parse(answer.body.toString()).error).toMatch(new RegExp(`node "${hot.nodeId}" could not serve model '${model}'`));
		expect(await household.traceOf(answer.headers.get("x-request-id"))).toMatchObject({ status: "failed", retry_count: 1 });
	});
});

describe("after the first byte", () => {
	it.for(["its agent is killed", "its Ollama dies"] as const)(
		"a stream breaks off and is not begun anew when %s",
		async (death, { expect }) => {
			const { model, hot, cold } = await startPair();
			const client = await chat(model);
			const arrived = await hot.ollama.next();
			arrived.response.writeHead(200, { "content-type": NDJSON }).write(FIRST_LINE);
			await until("the first line has come", () => client.answer?.body.toString() === FIRST_LINE);
			if (death === "its agent is killed") await hot.agent.kill();
			else arrived.socket.resetAndDestroy();
			const answer = await client.wholeAnswer();
			client.destroy();
			expect(answer.whole).toBe(false);
			const error = JSON.stringify({ error: `node "${hot.nodeId}" broke off in the middle of its answer` });
			expect(answer.body.toString().trimEnd()).toBe(FIRST_LINE + error);
			const rows = await rowsOf(model, answer.headers.get("x-request-id"));
			expect(rows).toHaveLength(1);
			expect(rows[0]).toMatchObject({ status: "failed", retry_count: 0, node_id: hot.nodeId, attempts: [{ node_id: hot.nodeId }] });
			expect(cold.ollama.untaken).toBe(0);
		},
	);

	it("an error line of the node's own passes, and the trace says failed", async ({ expect }) => {
		const { model, hot } = await startPair();
		const client = await chat(model);
		const line = '{"error":"an error was encountered while running the model: unexpected EOF"}\n';
		(await hot.ollama.next()).response.writeHead(200, { "content-type": NDJSON }).end(FIRST_LINE + line);
		const answer = await client.wholeAnswer();
		client.destroy();
		expect([answer.whole, answer.body.toString()]).toEqual([true, FIRST_LINE + line]);
		expect(await household.traceOf(answer.headers.get("x-request-id"))).toMatchObject({ status: "failed", retry_count: 0 });
	});

	it("a stream that ends in order but without its last line is incomplete", async ({ expect }) => {
		const { model, hot } = await startPair();
		const client = await chat(model);
		(await hot.ollama.next()).response.writeHead(200, { "content-type": NDJSON }).end(FIRST_LINE);
		const answer = await client.wholeAnswer();
		client.destroy();
		expect(answer.whole).toBe(true);
		expect(await household.traceOf(answer.headers.get("x-request-id"))).toMatchObject({ status: "incomplete" });
	});
});

it("leaves no place taken, whatever happened", async ({ expect }) => {
	const { queues } = await household.idle();
	expect(Object.values(queues).filter(({ pending, in_flight }) => pending + in_flight > 0)).toEqual([]);
});
