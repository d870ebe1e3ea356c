/** A machine that beats although the way to its door is dark: whoever waits there shows it, and nobody waits for ever. */
import { afterAll, beforeAll, it } from "vitest";
import { startAgentProcess } from "../journeys/agent-process.ts";
import { freePort } from "../journeys/free-port.ts";
import { Household } from "../journeys/household.ts";
import { RawClient, requestBytes } from "../journeys/raw-http.ts";
import { type ScriptedOllama, startScriptedOllama } from "../journeys/scripted-ollama.ts";
import { until } from "../journeys/until.ts";
import { Wire } from "./campaign/wire.ts";

let household: Household;
let silent: Dark;
let talking: Dark;

beforeAll(async () => {
	household = await Household.start();
	[silent, talking] = await Promise.all([darkMachine("silent"), darkMachine("talking")]);
});
afterAll(() => household?.stop());

it("is found out by those who wait there, before their first byte and behind it, and serves again with the light", async ({ expect }) => {
	const waiting = ask("silent");
	const hearing = await RawClient.open(household.port);
	hearing.send(requestBytes(household.port, { path: "/api/chat", body: bodyFor("talking") }));
	await silent.ollama.next();
	const { response } = await talking.ollama.next();
	response.writeHead(200, { "content-type": "application/x-ndjson" });
	response.write(`${JSON.stringify({ model: "talking:1b", message: { role: "assistant", content: "Hel" }, done: false })}\n`);
	await until("the client hears the beginning", () => (hearing.answer?.body.byteLength ?? 0) > 0);
	for (const { wire } of [silent, talking]) wire.goDark();

	for (const name of ["silent", "talking"]) {
		await until(`${name}'s door is found dark`, async () => (await household.node(name))?.blocked_by.includes("door-unreachable"));
		expect((await household.node(name))?.status).toBe("online");
	}
	const refused = await waiting;
	expect(refused.status).toBe(502);
	expect(await refused.json()).toMatchObject({ error: expect.stringContaining("silent") });
	const heard = await hearing.wholeAnswer();
	expect(heard.body.toString().trim().split("\n").at(-1)).toBe('{"error":"node \\"talking\\" broke off in the middle of its answer"}');

	for (const { wire } of [silent, talking]) wire.goLight();
	await Promise.all(["silent", "talking"].map((name) => household.ready(name)));
});

interface Dark {
	readonly wire: Wire;
	readonly ollama: ScriptedOllama;
}

async function darkMachine(nodeId: string): Promise<Dark> {
	const port = await freePort();
	const wire = household.add(await Wire.open(() => port));
	const ollama = household.add(await startScriptedOllama(`${nodeId}:1b`));
	const facts = { nodeId, ollamaUrl: ollama.url, token: household.joinToken, port, advertise: wire.url };
	household.add(startAgentProcess(household, facts));
	await household.ready(nodeId);
	return { wire, ollama };
}

function ask(name: string): Promise<Response> {
	return fetch(`${household.url}/api/chat`, { method: "POST", body: bodyFor(name) });
}

function bodyFor(name: string): string {
	return JSON.stringify({ model: `${name}:1b`, fallback: false, messages: [{ role: "user", content: "Hello" }] });
}
