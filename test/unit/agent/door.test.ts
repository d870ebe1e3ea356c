import { once } from "node:events";
import http from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import { connect } from "node:net";
import type { Socket } from "node:net";
import { createServer } from "node:net";
import { afterEach, describe, it } from "vitest";
import { Door } from "../../../agent/src/door/door.ts";
import { answerJson, listen, textOf } from "./servers.ts";

const SECRET = "the-secret";
const AUTHORIZED = { authorization: `Bearer ${SECRET}` };

const cleanups: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
	for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function openDoor(ollamaUrl: string, secret: string | undefined = SECRET): Promise<{ door: Door; url: string; port: number }> {
	const door = await Door.open({ nodeId: "box", ollamaUrl, host: "127.0.0.1", port: 0, secret: () => secret });
	cleanups.push(() => door.close());
	const { port } = door.address;
	return { door, url: `http://127.0.0.1:${port}`, port };
}

async function doorTo(handle: (request: IncomingMessage, response: ServerResponse) => void) {
	const ollama = await listen(handle);
	cleanups.push(() => ollama.close());
	return { ollama, ...(await openDoor(ollama.url)) };
}

/** A door to an Ollama whose every byte the test writes. */
async function doorToRaw(serve: (socket: Socket) => void) {
	const server = createServer(serve);
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	const address = server.address();
	if (address === null || typeof address === "string") throw new Error("No port");
	cleanups.push(() => void server.close());
	return openDoor(`http://127.0.0.1:${address.port}`);
}

/** A client that sees the bytes as they come. */
function rawClient(port: number, head: string): { socket: Socket; ended: Promise<string>; until(text: string): Promise<void> } {
	const socket = connect(port, "127.0.0.1");
	cleanups.push(() => void socket.destroy());
	let received = "";
	socket.on("data", (chunk) => (received += chunk.toString("latin1")));
	socket.on("error", () => undefined);
	socket.write(head);
	return {
		socket,
		ended: new Promise((resolve) => {
			socket.on("close", () => resolve(received));
		}),
		async until(text) {
			while (!received.includes(text)) await once(socket, "data");
		},
	};
}

const CHAT = `GET /api/chat HTTP/1.1\r\nHost: door\r\nAuthorization: Bearer ${SECRET}\r\n\r\n`;

/** As Ollama sends it: head and first line in one write, one line a chunk. */
const STREAM_HEAD =
	"HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nX-Odd-CASE: kept\r\nDate: Mon, 05 Jan 2026 10:00:00 GMT\r\nTransfer-Encoding: chunked\r\n\r\n";

describe("who may enter", () => {
	it("refuses a request without the secret, with a wrong one, and every request while there is none", async ({ expect }) => {
		const { url } = await doorTo((_request, response) => answerJson(response, 200, {}));
		for (const headers of [{}, { authorization: "Bearer wrong" }, { authorization: SECRET }]) {
			const answer = await fetch(`${url}/api/tags`, { headers: headers as Record<string, string> });
			expect(answer.status).toBe(401);
			expect(await answer.json()).toHaveProperty("error");
		}
		const closed = await Door.open({ nodeId: "box", ollamaUrl: "http://127.0.0.1:1", host: "127.0.0.1", port: 0, secret: () => undefined });
		cleanups.push(() => closed.close());
		expect((await fetch(`http://127.0.0.1:${closed.address.port}/`, { headers: { authorization: "Bearer undefined" } })).status).toBe(401);
	});

	it("passes on nothing but Ollama's own routes", async ({ expect }) => {
		const seen: string[] = [];
		const { url } = await doorTo((request, response) => {
			seen.push(request.url ?? "");
			answerJson(response, 200, {});
		});
		for (const path of ["/", "/api/tags?x=1", "/v1/models"]) {
			expect((await fetch(url + path, { headers: AUTHORIZED })).status, path).toBe(200);
		}
		for (const path of ["/metrics", "/apiary", "/door/other", "//api/tags"]) {
			expect((await fetch(url + path, { headers: AUTHORIZED })).status, path).toBe(404);
		}
		expect(seen).toEqual(["/", "/api/tags?x=1", "/v1/models"]);
	});

	it("tells the router which requests run", async ({ expect }) => {
		const { url } = await doorTo(() => undefined);
		const running = new AbortController();
		const waiting = fetch(`${url}/api/chat`, { headers: { ...AUTHORIZED, "x-request-id": "r1" }, signal: running.signal }).catch(
			() => undefined,
		);
		const health = async () => (await fetch(`${url}/door/health`, { headers: AUTHORIZED })).json();
		let body = await health();
		while (JSON.stringify(body).includes("[]")) body = await health();
		expect(body).toEqual({ node_id: "box", in_flight: ["r1"], running: 1, draining: false });
		running.abort();
		await waiting;
		while (!JSON.stringify(body).includes("[]")) body = await health();
	});
});

describe("what passes", () => {
	it("hands method, path, body and headers on, without what was meant for the door", async ({ expect }) => {
		let seen: { request: IncomingMessage; body: string } | undefined;
		const look = async (request: IncomingMessage, response: ServerResponse) => {
			seen = { request, body: await textOf(request) };
			answerJson(response, 200, {});
		};
		const { ollama, url } = await doorTo((request, response) => void look(request, response));
		const headers = { ...AUTHORIZED, origin: "http://evil.example", cookie: "a=b", "content-type": "text/plain", "x-own": "1" };
		await fetch(`${url}/api/delete?x=%20y`, { method: "DELETE", body: '{"model":"a"}', headers });
		expect(seen?.body).toBe('{"model":"a"}');
		expect(seen?.request.method).toBe("DELETE");
		expect(seen?.request.url).toBe("/api/delete?x=%20y");
		expect(seen?.request.headers).toMatchObject({ host: `localhost:${ollama.port}`, "content-type": "text/plain", "x-own": "1" });
		for (const name of ["authorization", "origin", "cookie"]) expect(seen?.request.headers).not.toHaveProperty(name);
	});

	it("streams a chunked request body", async ({ expect }) => {
		const { port } = await doorTo((request, response) => void textOf(request).then((body) => answerJson(response, 200, { body })));
		const request = http.request({ port, host: "127.0.0.1", method: "POST", path: "/api/create", headers: AUTHORIZED });
		request.write("one ");
		request.end("two");
		const [answer] = (await once(request, "response")) as [IncomingMessage];
		expect(await textOf(answer)).toBe('{"body":"one two"}');
	});

	it("gives back status, headers in order and every chunk as Ollama sent them", async ({ expect }) => {
		const sent = `${STREAM_HEAD}8\r\n{"a":1}\n\r\n8\r\n{"b":2}\n\r\n0\r\n\r\n`;
		const { port } = await doorToRaw((socket) => void socket.once("data", () => socket.write(sent)));
		const client = rawClient(port, CHAT);
		await client.until("\r\n0\r\n\r\n");
		client.socket.destroy();
		expect(await client.ended).toBe(sent);
	});

	it("passes a chunk on before the next one exists", async ({ expect }) => {
		let next: (() => void) | undefined;
		const { port } = await doorToRaw((socket) => {
			socket.once("data", () => socket.write(`${STREAM_HEAD}5\r\nfirst\r\n`));
			next = () => socket.write("6\r\nsecond\r\n0\r\n\r\n");
		});
		const client = rawClient(port, CHAT);
		await client.until("5\r\nfirst\r\n");
		next?.();
		await client.until("6\r\nsecond\r\n0\r\n\r\n");
		expect(next).toBeDefined();
	});

	it("passes an error's odd status line and a HEAD answer's length", async ({ expect }) => {
		const replies = ["HTTP/1.1 499 Client Gone\r\nContent-Length: 2\r\n\r\nno", "HTTP/1.1 200 OK\r\nContent-Length: 17\r\n\r\n"];
		const { port } = await doorToRaw((socket) => socket.on("data", () => socket.write(replies.shift() ?? "")));
		const client = rawClient(port, CHAT);
		await client.until("\r\n\r\nno");
		client.socket.write(CHAT.replace("GET", "HEAD"));
		await client.until("Content-Length: 17\r\n\r\n");
		client.socket.destroy();
		expect(await client.ended).toBe("HTTP/1.1 499 Client Gone\r\nContent-Length: 2\r\n\r\nnoHTTP/1.1 200 OK\r\nContent-Length: 17\r\n\r\n");
	});
});

describe("what breaks", () => {
	it.for(["destroy", "end"] as const)("closes Ollama's socket when the client leaves (%s)", async (leave, { expect }) => {
		let upstreamClosed: Promise<unknown> | undefined;
		const { port, door } = await doorToRaw((socket) => {
			upstreamClosed = once(socket, "close");
			socket.on("error", () => undefined);
			socket.once("data", () => socket.write(`${STREAM_HEAD}5\r\nfirst\r\n`));
		});
		const client = rawClient(port, CHAT.replace("\r\n\r\n", "\r\nX-Request-Id: r1\r\n\r\n"));
		await client.until("first");
		expect(door.inFlight).toEqual(["r1"]);
		client.socket[leave]();
		await upstreamClosed;
		await client.ended;
		expect(door.inFlight).toEqual([]);
	});

	it.for(["destroy", "end"] as const)(
		"closes Ollama's socket when the client leaves before the first byte (%s)",
		async (leave, { expect }) => {
			let asked: (() => void) | undefined;
			let upstreamClosed: Promise<unknown> | undefined;
			const arrived = new Promise<void>((resolve) => (asked = resolve));
			const { port } = await doorToRaw((socket) => {
				upstreamClosed = once(socket, "close");
				socket.on("error", () => undefined);
				socket.once("data", () => asked?.());
			});
			const client = rawClient(port, CHAT);
			await arrived;
			client.socket[leave]();
			await upstreamClosed;
			expect(await client.ended).toBe("");
		},
	);

	it.for(["destroySoon", "resetAndDestroy"] as const)(
		"leaves the body unterminated when Ollama dies in it (%s)",
		async (die, { expect }) => {
			let kill: (() => void) | undefined;
			const { port } = await doorToRaw((socket) => {
				socket.once("data", () => socket.write(`${STREAM_HEAD}5\r\nfirst\r\n`));
				kill = () => socket[die]();
			});
			const client = rawClient(port, CHAT);
			await client.until("first\r\n");
			kill?.();
			expect(await client.ended).toBe(`${STREAM_HEAD}5\r\nfirst\r\n`);
		},
	);

	it("names a refused connection and a broken one, so that neither looks like Ollama's answer", async ({ expect }) => {
		const { ollama, url } = await doorTo((request) => request.socket.destroy());
		const broken = await fetch(`${url}/api/tags`, { headers: AUTHORIZED });
		expect([broken.status, broken.headers.get("x-fleet-door-error")]).toEqual([502, "reset"]);
		await ollama.close();
		const refused = await fetch(`${url}/api/tags`, { headers: AUTHORIZED });
		expect([refused.status, refused.headers.get("x-fleet-door-error")]).toEqual([502, "connect"]);
		expect(await refused.json()).toHaveProperty("error");
	});

	it("passes on an answer that comes before the body was read", async ({ expect }) => {
		const { port } = await doorTo((_request, response) => answerJson(response, 200, { early: true }));
		const request = http.request({ port, host: "127.0.0.1", method: "POST", path: "/api/blobs/sha256:0", headers: AUTHORIZED });
		request.on("error", () => undefined);
		request.write("x".repeat(100_000));
		const [answer] = (await once(request, "response")) as [IncomingMessage];
		expect(await textOf(answer)).toBe('{"early":true}');
		request.destroy();
	});
});

describe("draining", () => {
	it("lets what runs finish and takes nothing new", async ({ expect }) => {
		let finish: (() => void) | undefined;
		const { door, url } = await doorTo((_request, response) => {
			response.write("begun ");
			finish = () => response.end("ended");
		});
		const running = await fetch(`${url}/api/chat`, { headers: AUTHORIZED });
		door.drain();
		const refused = await fetch(`${url}/api/chat`, { headers: AUTHORIZED });
		expect([refused.status, refused.headers.get("x-fleet-door-error")]).toEqual([503, "draining"]);
		const empty = door.empty();
		finish?.();
		expect(await running.text()).toBe("begun ended");
		await empty;
	});

	it("does not wait for a connection that was opened to spare", async ({ expect }) => {
		const { door, port, url } = await doorTo((_request, response) => response.end("ok"));
		const spare = connect(port, "127.0.0.1");
		const ended = once(spare, "close");
		await once(spare, "connect");
		// Connections are taken in the order in which they came
		await (await fetch(`${url}/api/tags`, { headers: AUTHORIZED })).text();
		await door.close();
		await ended;
		expect(spare.destroyed).toBe(true);
	});
});
