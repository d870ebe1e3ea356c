/** A machine that beats although the way to its door is dark: whoever waits there shows it, and nobody else is sent. */
import { afterAll, beforeAll, it } from "vitest";
import { startAgentProcess } from "../journeys/agent-process.ts";
import { freePort } from "../journeys/free-port.ts";
import { Household } from "../journeys/household.ts";
import { type ScriptedOllama, startScriptedOllama } from "../journeys/scripted-ollama.ts";
import { until } from "../journeys/until.ts";
import { Wire } from "./campaign/wire.ts";

const MODEL = "dark:1b";
const BODY = JSON.stringify({ model: MODEL, messages: [{ role: "user", content: "Hello" }] });

let household: Household;
let wire: Wire;
let ollama: ScriptedOllama;

beforeAll(async () => {
	household = await Household.start();
	const port = await freePort();
	wire = household.add(await Wire.open(() => port));
	ollama = household.add(await startScriptedOllama(MODEL));
	const facts = { nodeId: "dark", ollamaUrl: ollama.url, token: household.joinToken, port, advertise: wire.url };
	household.add(startAgentProcess(household, facts));
	await household.ready("dark");
});
afterAll(() => household?.stop());

it("is found out by the first request that waits, long before that one gives up, and serves again with the light", async ({ expect }) => {
	const leaving = new AbortController();
	wire.goDark();
	const waiting = fetch(`${household.url}/api/chat`, { method: "POST", body: BODY, signal: leaving.signal }).catch(() => undefined);
	await until("the door is found dark", async () => (await household.node("dark"))?.blocked_by.includes("door-unreachable"));
	expect((await household.node("dark"))?.status).toBe("online");
	leaving.abort();
	await waiting;
	wire.goLight();
	await household.ready("dark");
});
