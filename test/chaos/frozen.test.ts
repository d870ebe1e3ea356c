/** A machine that loses its power or sleeps closes no connection: it is just silent, and its requests must not wait with it. */
import { afterAll, beforeAll, describe, it } from "vitest";
import { startAgentProcess } from "../journeys/agent-process.ts";
import { Household } from "../journeys/household.ts";
import { RawClient, requestBytes } from "../journeys/raw-http.ts";
import { type ScriptedOllama, startScriptedOllama } from "../journeys/scripted-ollama.ts";
import { until } from "../journeys/until.ts";

const MODEL = "frozen:1b";
const LAST_LINE = '{"message":{"content":"Hello"},"done":true,"done_reason":"stop","prompt_eval_count":1,"eval_count":3}\n';

let household: Household;

beforeAll(async () => {
	// A little above the pause between beats, so that nobody waits half a minute
	household = await Household.start({
		variables: { FLEET_HEARTBEAT_TIMEOUT: "6", FLEET_HEARTBEAT_OFFLINE: "7" },
	});
});
afterAll(() => household?.stop());

async function startNode(nodeId: string, cold: boolean): Promise<{ ollama: ScriptedOllama; pid: number }> {
	const ollama = household.add(await startScriptedOllama(MODEL, { cold }));
	const { pid } = household.add(startAgentProcess(household, { nodeId, ollamaUrl: ollama.url, token: household.joinToken }));
	return { ollama, pid };
}

describe("a machine that freezes before its first byte", () => {
	it("loses its request to another once it is offline, and the client hears nothing of it", async ({ expect }) => {
		const hot = await startNode("hot", false);
		const cold = await startNode("cold", true);
		await household.ready("hot", "cold");
		const client = await RawClient.open(household.port);
		const body = JSON.stringify({ model: MODEL, messages: [{ role: "user", content: "Hello" }] });
		client.send(requestBytes(household.port, { path: "/api/chat", body }));
		await hot.ollama.next();
		process.kill(hot.pid, "SIGSTOP");
		(await cold.ollama.next()).response.writeHead(200, { "content-type": "application/x-ndjson" }).end(LAST_LINE);
		const answer = await client.wholeAnswer();
		expect(answer.status).toBe(200);
		expect(answer.headers.get("x-fleet-retries")).toBe("1");
		const trace = await household.traceOf(answer.headers.get("x-request-id"));
		expect(trace).toMatchObject({
			status: "completed",
			node_id: "cold",
			attempts: [{ node_id: "hot", failure: "node-silent" }, { node_id: "cold" }],
		});
	});
});

describe("a machine that freezes in the middle of its answer", () => {
	it("has its stream ended once it is offline, so that nobody waits for more of it", async ({ expect }) => {
		const model = "half:1b";
		const ollama = household.add(await startScriptedOllama(model));
		const { pid } = household.add(startAgentProcess(household, { nodeId: "half", ollamaUrl: ollama.url, token: household.joinToken }));
		await household.ready("half");
		const client = await RawClient.open(household.port);
		const body = JSON.stringify({ model, messages: [{ role: "user", content: "Hello" }] });
		client.send(requestBytes(household.port, { path: "/api/chat", body }));
		(await ollama.next()).response
			.writeHead(200, { "content-type": "application/x-ndjson" })
			.write('{"message":{"content":"He"},"done":false}\n');
		await until("the first line is there", () => client.received.includes("He") || undefined);
		process.kill(pid, "SIGSTOP");
		const answer = await client.wholeAnswer();
		expect(answer.whole).toBe(false);
		expect(answer.body.toString()).toContain(JSON.stringify({ error: 'node "half" broke off in the middle of its answer' }));
		expect(await household.traceOf(answer.headers.get("x-request-id"))).toMatchObject({ status: "failed", node_id: "half" });
		expect((await household.status()).fleet.requests_active).toBe(0);
	});
});
