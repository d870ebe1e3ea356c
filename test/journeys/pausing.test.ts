/** A machine is its owner's for a while: what runs there finishes, what comes goes elsewhere, and the time ends by itself. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, it } from "vitest";
import { obeyOwner, type OwnerCommand } from "../../agent/src/owner-commands.ts";
import { Household } from "./household.ts";
import { startAgentOf } from "./machine.ts";
import { startScriptedOllama } from "./scripted-ollama.ts";
import { until } from "./until.ts";

const NDJSON = { "content-type": "application/x-ndjson" };
const FIRST_LINE = '{"message":{"content":"Hello"},"done":false}\n';
const LAST_LINE = '{"message":{"content":""},"done":true,"done_reason":"stop","prompt_eval_count":1,"eval_count":3}\n';

let folder: string;
let household: Household;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "herd-pausing-"));
	household = await Household.start({ dataDir: folder });
});

afterAll(async () => {
	await household?.stop();
	await rm(folder, { recursive: true, force: true });
});

/** A machine with a model of its own, whose answers the test writes; no other stands in for it. */
async function machine(nodeId: string) {
	const model = `${nodeId}-model:1b`;
	const ollama = household.add(await startScriptedOllama(model));
	const agent = household.add(await startAgentOf(household, { nodeId, ollamaUrl: ollama.url, token: household.joinToken }));
	await household.ready(nodeId);
	const chat = () => {
		const body = JSON.stringify({ model, messages: [{ role: "user", content: "Hello" }], stream: true, fallback: false });
		return fetch(`${household.url}/api/chat`, { method: "POST", body });
	};
	const begin = async () => {
		const answer = chat();
		const { response } = await ollama.next();
		response.writeHead(200, NDJSON).write(FIRST_LINE);
		const stream = await answer;
		const finish = async () => {
			response.end(LAST_LINE);
			return stream.text();
		};
		return { stream, finish };
	};
	return { ollama, agent, chat, begin };
}

async function owner(nodeId: string, command: Pick<OwnerCommand, "word"> & Partial<OwnerCommand>): Promise<string[]> {
	const said: string[] = [];
	await obeyOwner({ wait: false, json: false, ...command, nodeId, dataDir: join(folder, "machines", nodeId) }, (line) => said.push(line));
	return said;
}

async function admin(nodeId: string, what: string, body = {}) {
	const headers = { "content-type": "application/json", authorization: `Bearer ${household.adminKey}` };
	const response = await fetch(`${household.url}/fleet/nodes/${nodeId}/${what}`, { method: "POST", headers, body: JSON.stringify(body) });
	return (await response.json()) as Record<string, unknown>;
}

const blockedBy = async (nodeId: string) => (await household.node(nodeId))?.blocked_by;

describe("herd-agent pause", () => {
	it("lets a stream finish, gets nothing new, holds over a restart of the agent, and ends with resume", async ({ expect }) => {
		const { ollama, agent, chat, begin } = await machine("box");
		const running = await begin();
		expect(await owner("box", { word: "pause", forMs: 7_200_000 })).toEqual([
			expect.stringMatching(/^This machine takes nothing new until .*\d\d:\d\d; 1 request still runs$/),
		]);
		// The router was told before the command came back
		const paused = await household.node("box");
		expect(paused).toMatchObject({
			blocked_by: ["paused"],
			capacity: { mode: "paused", reason: "paused_by_owner", override_active: true },
		});
		expect((paused?.capacity?.until ?? 0) - Date.now() / 1000).toBeGreaterThan(7_100);
		const refused = await chat();
		expect([refused.status, await refused.text()]).toEqual([503, expect.stringContaining("is paused")]);
		expect(await running.finish()).toBe(FIRST_LINE + LAST_LINE);
		expect((await household.traceOf(running.stream.headers.get("x-request-id"))).status).toBe("completed");

		await agent.stop();
		household.add(await startAgentOf(household, { nodeId: "box", ollamaUrl: ollama.url }));
		await until("it is back", async () => (await household.node("box"))?.status === "online");
		expect(await blockedBy("box")).toContain("paused");
		expect(await owner("box", { word: "resume" })).toEqual(["This machine takes work again"]);
		await household.ready("box");
		expect(await (await begin()).finish()).toBe(FIRST_LINE + LAST_LINE);
	});
});

describe("herd nodes pause", () => {
	it("lets a stream finish and ends by itself", async ({ expect }) => {
		const { chat, begin } = await machine("lodger");
		const running = await begin();
		expect(await admin("lodger", "pause", { for_s: 2 })).toMatchObject({ blocked_by: ["paused"], requests_active: 1 });
		expect((await chat()).status).toBe(503);
		expect(await running.finish()).toBe(FIRST_LINE + LAST_LINE);
		await until("its time is over", async () => (await blockedBy("lodger"))?.length === 0);
		expect(await (await begin()).finish()).toBe(FIRST_LINE + LAST_LINE);
	});

	it("and the owner's pause are two words: each is taken back where it was given", async ({ expect }) => {
		await machine("guest");
		await owner("guest", { word: "pause" });
		expect(await admin("guest", "pause")).toMatchObject({ blocked_by: ["paused"] });
		expect(await admin("guest", "resume")).toMatchObject({ blocked_by: ["paused"] });
		expect(await household.node("guest")).toMatchObject({ capacity: { reason: "paused_by_owner" } });
		await owner("guest", { word: "drain" });
		expect(await owner("guest", { word: "resume" })).toEqual(["This machine takes work again"]);
		await household.ready("guest");
	});
});
