/** How a machine comes into the fleet, stays in it, and who does not get in. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, it } from "vitest";
import { JOIN_TOKEN_HEADER } from "../../worker/protocol/heartbeat.ts";
import { beatOf, sendBeat } from "./beat.ts";
import { Household } from "./household.ts";
import { addMachine, startMachine } from "./machine.ts";
import { until } from "./until.ts";

const MODEL = "llama3.2:3b";
/** A small machine with one model in memory. */
const SMALL = { profile: "mac-mini", models: [MODEL], resident: [MODEL] };

let folder: string;
let household: Household;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "herd-joining-"));
	household = await Household.start({ dataDir: folder });
});

afterAll(async () => {
	await household?.stop();
	await rm(folder, { recursive: true, force: true });
});

async function chat({ url }: Household, model = MODEL) {
	const body = JSON.stringify({ model, messages: [{ role: "user", content: "Hello" }], stream: false, options: { num_predict: 3 } });
	const response = await fetch(`${url}/api/chat`, { method: "POST", body });
	return { status: response.status, node: response.headers.get("x-fleet-node"), text: await response.text() };
}

function approve(nodeId: string, key?: string): Promise<Response> {
	const headers = { "content-type": "application/json", ...(key !== undefined && { authorization: `Bearer ${key}` }) };
	return fetch(`${household.url}/fleet/nodes/${nodeId}/approve`, { method: "POST", headers });
}

describe("without the token", () => {
	it("a machine waits and gets no work until the admin lets it in", async ({ expect }) => {
		const { simulated } = await addMachine(household, { nodeId: "stranger", ...SMALL, token: undefined });
		await until("it waits", async () => (await household.node("stranger"))?.status === "pending");
		expect(await household.node("stranger")).toMatchObject({ blocked_by: expect.arrayContaining(["pending-approval"]) });
		expect((await household.status()).fleet.nodes_total).toBe(0);
		expect(await chat(household)).toMatchObject({ status: 404, text: expect.stringContaining("no machine has joined this fleet yet") });
		expect((await approve("stranger")).status).toBe(401);
		expect((await approve("stranger", "wrong-key")).status).toBe(401);
		expect((await approve("stranger", household.joinToken)).status).toBe(401);
		expect((await household.node("stranger"))?.status).toBe("pending");
		expect(simulated.snapshot().completed).toBe(0);
		expect((await approve("stranger", household.adminKey)).status).toBe(200);
		await household.ready("stranger");
		expect(await chat(household)).toMatchObject({ status: 200, node: "stranger" });
		expect(simulated.snapshot().completed).toBe(1);
	});

	it("nobody can be let in who does not wait", async ({ expect }) => {
		const response = await approve("nobody", household.adminKey);
		expect([response.status, await response.json()]).toEqual([404, { error: expect.stringContaining('"nobody"') }]);
	});
});

describe("with the token", () => {
	it("a machine is in at once", async ({ expect }) => {
		await addMachine(household, { nodeId: "friend", ...SMALL, models: ["llama3.1:8b"], resident: ["llama3.1:8b"] });
		await household.ready("friend");
		expect(await chat(household, "llama3.1:8b")).toMatchObject({ status: 200, node: "friend" });
	});
});

describe("once it is in", () => {
	it("a machine keeps its secret over a restart of its agent, and needs no token", async ({ expect }) => {
		const options = { nodeId: "returning", ...SMALL, models: ["qwen3:8b"], resident: ["qwen3:8b"] };
		const first = await addMachine(household, options);
		await household.ready("returning");
		await first.stop();
		await until("its farewell is heard", async () => (await household.node("returning"))?.status === "offline");
		household.add(await startMachine(household, options));
		await household.ready("returning");
		expect(await chat(household, "qwen3:8b")).toMatchObject({ status: 200, node: "returning" });
	});

	it("another machine under its name is refused, token or not, while it is there", async ({ expect }) => {
		await addMachine(household, { nodeId: "double", ...SMALL, models: ["gemma3:12b"], resident: ["gemma3:12b"] });
		await household.ready("double");
		const other = beatOf("double", "another-machine");
		for (const headers of [{}, { [JOIN_TOKEN_HEADER]: household.joinToken }]) {
			const { status, body } = await sendBeat(household.url, other, headers);
			expect([status, body.error]).toEqual([409, expect.stringMatching(/Another machine .*"double".*--node-id/)]);
		}
		expect(await chat(household, "gemma3:12b")).toMatchObject({ status: 200, node: "double" });
	});

	it("a machine that was forgotten must be let in anew", async ({ expect }) => {
		await addMachine(household, { nodeId: "forgotten", ...SMALL, token: undefined });
		await until("it waits", async () => (await household.node("forgotten"))?.status === "pending");
		await approve("forgotten", household.adminKey);
		await household.ready("forgotten");
		const forget = (headers: Record<string, string>) => fetch(`${household.url}/fleet/nodes/forgotten`, { method: "DELETE", headers });
		expect((await forget({})).status).toBe(401);
		expect((await forget({ authorization: `Bearer ${household.adminKey}` })).status).toBe(200);
		expect(await household.node("forgotten")).toBeUndefined();
		await until("it asks again", async () => (await household.node("forgotten"))?.status === "pending");
	});
});

describe("a router that was restarted", () => {
	it("knows its nodes and routes to them before any of them has beaten", async ({ expect }) => {
		await household.stopRouter();
		// On another port, so that no agent finds it
		const restarted = await Household.start({ dataDir: folder });
		try {
			const before = (await restarted.status()).nodes.filter(({ status }) => status === "online").map(({ node_id: nodeId }) => nodeId);
			expect(before).toEqual(expect.arrayContaining(["stranger", "friend", "double"]));
			expect(await chat(restarted, "llama3.1:8b")).toMatchObject({ status: 200, node: "friend" });
			expect(await chat(restarted)).toMatchObject({ status: 200, node: "stranger" });
			expect((await restarted.traces()).filter(({ node_id: nodeId }) => nodeId === "friend")).toHaveLength(2);
		} finally {
			await restarted.stop();
		}
	});
});
