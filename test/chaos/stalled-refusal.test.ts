/** A node that breaks off or stalls while it says why it refuses: the router then says it in its own words, and keeps its row. */
import { afterAll, beforeAll, describe, it } from "vitest";
import { Household } from "../journeys/household.ts";
import { startAgentOf } from "../journeys/machine.ts";
import { type ScriptedOllama, startScriptedOllama } from "../journeys/scripted-ollama.ts";

let household: Household;
let ollama: ScriptedOllama;

beforeAll(async () => {
	household = await Household.start();
	ollama = household.add(await startScriptedOllama("script:1b"));
	household.add(await startAgentOf(household, { nodeId: "odd", ollamaUrl: ollama.url, token: household.joinToken }));
	await household.ready("odd");
});
afterAll(() => household?.stop());

async function malformed(answer: (ollama: ScriptedOllama) => Promise<void>): Promise<{ status: number; body: string; id: string | null }> {
	const asking = fetch(`${household.url}/api/chat`, { method: "POST", body: '{"model": x}' });
	await answer(ollama);
	const response = await asking;
	return { status: response.status, body: await response.text(), id: response.headers.get("x-request-id") };
}

describe("a refusal that a node does not bring to its end", () => {
	it.for([
		["breaks off", true],
		["stalls", false],
	] as const)("is said by the router when it %s", async ([, cut], { expect }) => {
		const { status, body, id } = await malformed(async (node) => {
			const { response } = await node.next();
			response.writeHead(400, { "content-type": "application/json", "content-length": "100" }).write('{"error":"inval');
			if (cut) response.destroy();
		});
		expect({ status, body }).toEqual({ status: 400, body: '{"error":"invalid character \'x\' looking for beginning of value"}' });
		expect(await household.traceOf(id ?? undefined)).toMatchObject({ status: "rejected" });
	});
});
