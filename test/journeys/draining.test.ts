/** A machine goes out of service: what runs there finishes, what waits goes elsewhere, and it stays out until told otherwise. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "vitest";
import { JOIN_TOKEN_HEADER } from "../../worker/protocol/heartbeat.ts";
import { IdentityFile } from "../../agent/src/identity.ts";
import { obeyOwner } from "../../agent/src/owner-commands.ts";
import { beatOf, sendBeat } from "./beat.ts";
import { Household } from "./household.ts";
import { addMachine, startAgentOf } from "./machine.ts";
import { FILE_BYTES, PuppetNode } from "./puppet-node.ts";
import { type ScriptedOllama, startScriptedOllama } from "./scripted-ollama.ts";
import { until } from "./until.ts";

const MODEL = "script:1b";
const NDJSON = { "content-type": "application/x-ndjson" };
const FIRST_LINE = '{"message":{"content":"Hello"},"done":false}\n';
const LAST_LINE = '{"message":{"content":""},"done":true,"done_reason":"stop","prompt_eval_count":1,"eval_count":3}\n';

let folder: string;
let household: Household;

beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), "herd-draining-"));
	household = await Household.start({ dataDir: folder });
});

afterEach(async () => {
	await household?.stop();
	await rm(folder, { recursive: true, force: true });
});

/** A machine whose answers the test writes. */
async function scripted(nodeId: string): Promise<{ ollama: ScriptedOllama; stop: () => Promise<void> }> {
	const ollama = household.add(await startScriptedOllama(MODEL));
	const agent = household.add(await startAgentOf(household, { nodeId, ollamaUrl: ollama.url, token: household.joinToken }));
	await household.ready(nodeId);
	return { ollama, stop: () => agent.stop() };
}

function chat(model = MODEL): Promise<Response> {
	const body = JSON.stringify({ model, messages: [{ role: "user", content: "Hello" }], stream: true });
	return fetch(`${household.url}/api/chat`, { method: "POST", body });
}

/** `herd nodes drain NAME`, as the command asks for it. */
async function word(nodeId: string, what: "drain" | "resume", key = household.adminKey) {
	const headers = { "content-type": "application/json", authorization: `Bearer ${key}` };
	const response = await fetch(`${household.url}/fleet/nodes/${nodeId}/${what}`, { method: "POST", headers });
	return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

/** `herd-agent drain` on that machine. */
async function owner(nodeId: string, what: "drain" | "resume", wait = false): Promise<string[]> {
	const said: string[] = [];
	await obeyOwner({ word: what, wait, json: false, nodeId, dataDir: join(folder, "machines", nodeId) }, (line) => said.push(line));
	return said;
}

const blockedBy = async (nodeId: string) => (await household.node(nodeId))?.blocked_by;

describe("herd-agent drain", () => {
	it("lets a stream finish, gets nothing new, holds over a restart of the agent, and ends with resume", async ({ expect }) => {
		const { ollama, stop } = await scripted("box");
		const running = chat();
		const { response } = await ollama.next();
		response.writeHead(200, NDJSON).write(FIRST_LINE);
		const stream = await running;

		expect(await owner("box", "drain")).toEqual(["This machine takes nothing new; 1 request still runs"]);
		// The router was told before the command came back
		expect(await household.node("box")).toMatchObject({ status: "online", blocked_by: ["draining"] });
		const refused = await chat();
		expect([refused.status, await refused.text()]).toEqual([503, expect.stringContaining("is draining")]);
		const emptied = owner("box", "drain", true);
		response.end(LAST_LINE);
		expect(await stream.text()).toBe(FIRST_LINE + LAST_LINE);
		expect((await emptied).at(-1)).toMatch(/Nothing runs here any more|nothing runs here$/);
		expect((await household.traceOf(stream.headers.get("x-request-id"))).status).toBe("completed");

		await stop();
		await until("it is offline", async () => (await household.node("box"))?.status === "offline");
		household.add(await startAgentOf(household, { nodeId: "box", ollamaUrl: ollama.url }));
		await until("it is back", async () => (await household.node("box"))?.status === "online");
		expect(await blockedBy("box")).toContain("draining");
		expect(await owner("box", "resume")).toEqual(["This machine takes work again"]);
		await household.ready("box");
		const served = chat();
		(await ollama.next()).response.writeHead(200, NDJSON).end(LAST_LINE);
		expect((await served).status).toBe(200);
	});
});

describe("herd nodes drain", () => {
	it("sends what waits for that machine to another one at once", async ({ expect }) => {
		const models = { [MODEL]: FILE_BYTES };
		const hot = await PuppetNode.join(household, { nodeId: "hot", models, resident: [MODEL] });
		// The router learns that answers are short, so that waiting beats loading
		hot.answers = { tokens: 320, decodeS: 4 };
		for (let count = 0; count < 8; count++) await (await chat()).text();
		hot.answers = undefined;
		const cold = await PuppetNode.join(household, { nodeId: "cold", models });
		const first = chat();
		const running = await hot.next();
		const second = chat();
		await until("the second waits", async () => (await household.status()).fleet.requests_waiting === 1);
		expect(await word("hot", "drain")).toMatchObject({ status: 200, body: { blocked_by: ["draining"], requests_active: 1 } });
		(await cold.next()).answer();
		expect((await second).headers.get("x-fleet-node")).toBe("cold");
		running.answer();
		expect((await first).headers.get("x-fleet-node")).toBe("hot");
		expect(await word("hot", "resume")).toMatchObject({ status: 200, body: { blocked_by: [] } });
		const third = chat();
		(await hot.next()).answer();
		expect((await third).headers.get("x-fleet-node")).toBe("hot");
	});

	it("is the admin's word, about a machine of the fleet, and outlives the router", async ({ expect }) => {
		await addMachine(household, { nodeId: "box", profile: "golden", models: ["tiny"], resident: ["tiny"] });
		await household.ready("box");
		expect((await word("box", "drain", "wrong-key")).status).toBe(401);
		expect(await word("nobody", "drain")).toMatchObject({ status: 404, body: { error: expect.stringContaining('"nobody"') } });
		await word("box", "drain");
		const { port } = household;
		await household.stopRouter();
		const restarted = await Household.start({ dataDir: folder, port });
		try {
			expect((await restarted.node("box"))?.blocked_by).toEqual(["draining"]);
			await until("it has beaten", async () => ((await restarted.node("box"))?.last_seen_ago_ms ?? 0) < 1_000);
			expect((await restarted.node("box"))?.blocked_by).toEqual(["draining"]);
		} finally {
			await restarted.stop();
		}
	});

	it("and herd-agent drain are two words: each is taken back where it was given", async ({ expect }) => {
		await addMachine(household, { nodeId: "box", profile: "golden", models: ["tiny"], resident: ["tiny"] });
		await household.ready("box");
		await owner("box", "drain");
		await word("box", "drain");
		await owner("box", "resume");
		expect(await blockedBy("box")).toEqual(["draining"]);
		await owner("box", "drain");
		expect((await word("box", "resume")).body).toMatchObject({ blocked_by: ["draining"] });
		await owner("box", "resume");
		await household.ready("box");
	});
});

describe("the origin's short beat", () => {
	it("drains with the node's secret only, over later beats, until it says otherwise", async ({ expect }) => {
		const beat = beatOf("box", "machine-of-box");
		const joined = await sendBeat(household.url, beat, { [JOIN_TOKEN_HEADER]: household.joinToken });
		const authorized = { authorization: `Bearer ${String(joined.body["secret"])}` };
		const say = (draining: boolean, headers = {}) => sendBeat(household.url, { node_id: "box", draining }, headers);
		expect((await say(true)).status).toBe(401);
		expect((await say(true, { [JOIN_TOKEN_HEADER]: household.joinToken })).status).toBe(401);
		expect(await say(true, authorized)).toEqual({ status: 200, body: { status: "draining", node_id: "box" } });
		expect((await sendBeat(household.url, beat, authorized)).body).toMatchObject({ status: "draining" });
		expect(await blockedBy("box")).toContain("draining");
		expect(await say(false, authorized)).toEqual({ status: 200, body: { status: "ok", node_id: "box" } });
		expect(await blockedBy("box")).not.toContain("draining");
	});
});

it("a machine keeps who it is while it is drained and resumed", async ({ expect }) => {
	await addMachine(household, { nodeId: "box", profile: "golden", models: ["tiny"], resident: ["tiny"] });
	await household.ready("box");
	const before = await IdentityFile.read(join(folder, "machines", "box"), "box");
	await Promise.all([owner("box", "drain"), owner("box", "drain")]);
	await owner("box", "resume");
	const after = await IdentityFile.read(join(folder, "machines", "box"), "box");
	expect([after?.secret, after?.machineId, after?.draining]).toEqual([before?.secret, before?.machineId, false]);
});
