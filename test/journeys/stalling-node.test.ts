/** A machine that begins its answers and does not end them, as one does whose disk or network hangs. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { afterAll, beforeAll, describe, it } from "vitest";
import { Household } from "./household.ts";
import { addMachine, startAgentOf } from "./machine.ts";
import { RawClient, rawRequest, requestBytes } from "./raw-http.ts";
import { until } from "./until.ts";

describe("a node that stalls in the middle of its answers", () => {
	const MODEL = "qwen3:8b";
	const stalls = new Map<string, Socket | undefined>();
	let alone: Household;

	beforeAll(async () => {
		alone = await Household.start();
		const upstream = alone.add(await startStallingOllama(MODEL, stalls));
		alone.add(await startAgentOf(alone, { nodeId: "stall", ollamaUrl: upstream.url, token: alone.joinToken }));
		await alone.ready("stall");
	});

	afterAll(() => alone?.stop());

	it("does not keep the client for ever, nor is kept by one that leaves", async ({ expect }) => {
		stalls.set("/api/show", undefined);
		const client = await RawClient.open(alone.port);
		client.send(requestBytes(alone.port, { path: "/api/show", body: JSON.stringify({ model: MODEL, client: "leaves" }) }));
		const socket = await until("the answer has begun", () => stalls.get("/api/show"));
		client.leave();
		await until("Ollama's connection is closed", () => socket.destroyed);
		client.destroy();
		const answer = await rawRequest(alone.port, { path: "/api/show", body: JSON.stringify({ model: MODEL }) });
		stalls.delete("/api/show");
		expect([answer.status, JSON.parse(answer.body.toString())]).toEqual([
			504,
			{ error: `node "stall" could not show model '${MODEL}': its answer did not come to an end in time` },
		]);
	});

	it("leaves the answer to the next holder", async ({ expect }) => {
		await addMachine(alone, { nodeId: "zeta", models: [MODEL] });
		await alone.ready("zeta");
		stalls.set("/api/show", undefined);
		const answer = await rawRequest(alone.port, { path: "/api/show", body: JSON.stringify({ model: MODEL }) });
		stalls.delete("/api/show");
		expect([answer.status, answer.headers.get("x-fleet-node"), answer.whole]).toEqual([200, "zeta", true]);
	});

	it("does not hold up the end of a change that it made", async ({ expect }) => {
		stalls.set("/api/tags", undefined);
		const body = JSON.stringify({ model: MODEL, node_id: "stall" });
		const [deleted, pulled] = await Promise.all([
			rawRequest(alone.port, { method: "DELETE", path: "/api/delete", body }),
			rawRequest(alone.port, { path: "/api/pull", body }),
		]);
		stalls.delete("/api/tags");
		expect([deleted.status, pulled.body.toString()]).toEqual([200, '{"status":"success"}\n']);
	});
});

/** Answers to the paths in `stalls` begin, and never end; the socket of the last is put there. */
async function startStallingOllama(name: string, stalls: Map<string, Socket | undefined>) {
	const facts: Record<string, unknown> = {
		"/api/version": { version: "0.32.15" },
		"/api/tags": { models: [{ name, model: name, size: 1_000_000, digest: "b".repeat(64), capabilities: ["completion"] }] },
		"/api/ps": { models: [] },
		"/api/show": { capabilities: ["completion"], model_info: {} },
		"/api/pull": { status: "success" },
	};
	const server = createServer(({ url = "", socket }, response) => {
		if (!stalls.has(url)) return void response.end(url in facts ? `${JSON.stringify(facts[url])}\n` : undefined);
		response.write('{"');
		stalls.set(url, socket);
	});
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		async stop() {
			const closed = once(server, "close");
			server.close();
			server.closeAllConnections();
			await closed;
		},
	};
}
