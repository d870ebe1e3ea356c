/** An Ollama that stops speaking while its agent lives: only the time since its last byte tells, and nobody waits for ever. */
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, it } from "vitest";
import { Household } from "../journeys/household.ts";
import { startAgentOf } from "../journeys/machine.ts";
import { RawClient, requestBytes } from "../journeys/raw-http.ts";
import { startScriptedOllama } from "../journeys/scripted-ollama.ts";
import { until } from "../journeys/until.ts";

let household: Household;

beforeAll(async () => {
	household = await Household.start({ variables: { FLEET_STALE_TIMEOUT: "2" } });
});
afterAll(() => household?.stop());

describe("an Ollama that falls silent under a living agent, in the middle of its answer", () => {
	it("has its stream ended after a while, and its place is free", async ({ expect }) => {
		const model = "silent:1b";
		const ollama = household.add(await startScriptedOllama(model));
		household.add(await startAgentOf(household, { nodeId: "silent", ollamaUrl: ollama.url, token: household.joinToken }));
		await household.ready("silent");
		const client = await RawClient.open(household.port);
		const body = JSON.stringify({ model, messages: [{ role: "user", content: "Hello" }] });
		client.send(requestBytes(household.port, { path: "/api/chat", body }));
		const { response, socket } = await ollama.next();
		response.writeHead(200, { "content-type": "application/x-ndjson" }).write('{"message":{"content":"He"},"done":false}\n');
		const answer = await client.wholeAnswer();
		expect(answer.body.toString()).toContain("He");
		await until("Ollama is told", () => socket.destroyed);
		expect(await household.traceOf(answer.headers.get("x-request-id"))).toMatchObject({ status: "failed", node_id: "silent" });
		expect((await household.status()).fleet.requests_active).toBe(0);
	});

	it("is let speak for as long as it does, however slowly", async ({ expect }) => {
		const model = "slow-speaker:1b";
		const ollama = household.add(await startScriptedOllama(model));
		household.add(await startAgentOf(household, { nodeId: "slow", ollamaUrl: ollama.url, token: household.joinToken }));
		await household.ready("slow");
		const asking = fetch(`${household.url}/api/chat`, { method: "POST", body: JSON.stringify({ model, messages: [] }) });
		const { response } = await ollama.next();
		response.writeHead(200, { "content-type": "application/x-ndjson" });
		for (let word = 0; word < 3; word++) {
			response.write('{"message":{"content":"He"},"done":false}\n');
			await pause(1_000);
		}
		response.end('{"message":{"content":""},"done":true}\n');
		expect((await (await asking).text()).split("\n")).toHaveLength(5);
	});
});
