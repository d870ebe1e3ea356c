/** Loads whose client has left: the door sees them through, and no further. */
import { connect, type Socket } from "node:net";
import type { IncomingMessage, ServerResponse } from "node:http";
import { afterEach, describe, it } from "vitest";
import { Door } from "../../../agent/src/door/door.ts";
import { until } from "../../journeys/until.ts";
import { answerJson, listen, textOf } from "./servers.ts";

const SECRET = "door-secret";
const LOADS = "X-Fleet-Loads: big:latest\r\n";
const ENTRY = { name: "Big:latest", model: "Big:latest", size: 1, digest: "a".repeat(64) };

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
	for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

interface Scene {
	door: Door;
	/** The request as Ollama has it. */
	request: IncomingMessage;
	response: ServerResponse;
	client: Socket;
	/** How often the door has asked what is in memory. */
	looks(): number;
	/** Ollama lists the model from now on. */
	load(): void;
}

/** A client's request is at Ollama, which has not answered. */
async function ask({ headers = LOADS, body = "{}", length = 2 } = {}): Promise<Scene> {
	let models: unknown[] = [];
	let looks = 0;
	let arrived: [IncomingMessage, ServerResponse] | undefined;
	const ollama = await listen((request, response) => {
		if (request.url === "/api/ps") {
			looks++;
			return answerJson(response, 200, { models });
		}
		arrived = [request, response];
		if (length === body.length) void textOf(request);
	});
	const door = await Door.open({ nodeId: "box", ollamaUrl: ollama.url, host: "127.0.0.1", port: 0, secret: () => SECRET });
	const client = connect(door.address.port, "127.0.0.1");
	client.on("error", () => undefined);
	cleanups.push(
		() => ollama.close(),
		() => door.close(),
		() => client.destroy(),
	);
	const head = `POST /api/chat HTTP/1.1\r\nHost: door\r\nAuthorization: Bearer ${SECRET}\r\nX-Request-Id: r1\r\n${headers}`;
	client.write(`${head}Content-Length: ${length}\r\n\r\n${body}`);
	const [request, response] = await until("the request is at Ollama", () => arrived);
	if (length === body.length) await until("all of it", () => request.complete);
	return { door, request, response, client, looks: () => looks, load: () => (models = [ENTRY]) };
}

async function leave({ client, looks }: Scene): Promise<void> {
	client.destroy();
	await until("the door looks after the load", () => looks() > 0);
}

describe("a client that leaves while its model is loaded", () => {
	it("does not end the load; Ollama's socket closes once the model is in memory", async ({ expect }) => {
		const scene = await ask();
		await leave(scene);
		expect([scene.request.socket.destroyed, scene.door.inFlight, scene.door.atWork, scene.door.running]).toEqual([
			false,
			["r1"],
			["r1"],
			1,
		]);
		scene.load();
		await until("the socket is closed", () => scene.request.socket.destroyed);
		await until("the door no longer lists it", () => scene.door.inFlight.length === 0);
	});

	it("does not keep Ollama writing when it answers first", async ({ expect }) => {
		const scene = await ask();
		await leave(scene);
		expect(scene.request.socket.destroyed).toBe(false);
		scene.response.write('{"message":{"content":"Hi"}}\n');
		await until("the socket is closed", () => scene.request.socket.destroyed);
		await until("the door no longer lists it", () => scene.door.running === 0);
	});

	it("is forgotten when Ollama drops the load itself", async () => {
		const scene = await ask();
		await leave(scene);
		scene.request.socket.destroy();
		await until("the door no longer lists it", () => scene.door.running === 0);
	});

	it("does not keep the agent from leaving", async ({ expect }) => {
		const scene = await ask();
		await leave(scene);
		await scene.door.empty();
		await until("the socket is closed", () => scene.request.socket.destroyed);
		expect(scene.door.running).toBe(0);
	});
});

describe("closes Ollama's socket at once", () => {
	it.for([
		["the model is in memory already", { headers: "" }],
		["the request was not even whole", { body: '{"model"', length: 100 }],
	] as const)("when %s", async ([, facts]) => {
		const scene = await ask(facts);
		scene.client.destroy();
		await until("the socket is closed", () => scene.request.socket.destroyed);
		await until("the door no longer lists it", () => scene.door.running === 0);
	});
});

it("keeps the router's word about the load to itself", async ({ expect }) => {
	const { request } = await ask();
	expect(request.headers).not.toHaveProperty("x-fleet-loads");
});
