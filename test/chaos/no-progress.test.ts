/** An answer that has begun and does not go on, on a machine that is well otherwise: seen by its agent, ended by the router. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { Household } from "../journeys/household.ts";
import { startAgentOf } from "../journeys/machine.ts";
import { RawClient, requestBytes } from "../journeys/raw-http.ts";
import { type ScriptedOllama, startScriptedOllama } from "../journeys/scripted-ollama.ts";

const MODEL = "script:1b";
const FIRST_LINE = '{"message":{"content":"Hello"},"done":false}\n';

let household: Household;
let ollama: ScriptedOllama;

beforeAll(async () => {
	household = await Household.start({ variables: { FLEET_STALE_TIMEOUT: "6" } });
	ollama = household.add(await startScriptedOllama(MODEL));
	household.add(await startAgentOf(household, { nodeId: "quiet", ollamaUrl: ollama.url, token: household.joinToken }));
	await household.ready("quiet");
});

afterAll(() => household?.stop());

it("is cancelled at Ollama, told to the client, and its place is free", async () => {
	const client = await RawClient.open(household.port);
	client.send(requestBytes(household.port, { path: "/api/chat", body: JSON.stringify({ model: MODEL, messages: [] }) }));
	const { response, socket } = await ollama.next();
	response.writeHead(200, { "content-type": "application/x-ndjson" }).write(FIRST_LINE);
	const answer = await client.wholeAnswer();
	client.destroy();
	expect(answer.whole).toBe(false);
	expect(answer.body.toString().startsWith(FIRST_LINE)).toBe(true);
	await new Promise((resolve) => (socket.destroyed ? resolve(undefined) : socket.once("close", resolve)));
	expect((await household.traceOf(answer.headers.get("x-request-id"))).status).toBe("failed");
	await household.idle();
});
