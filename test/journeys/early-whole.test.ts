/** One JSON object that is long in coming has blanks before it; cut, it leaves its status to its repeat. And when nothing comes early. */
import { afterAll, afterEach, beforeAll, describe, it } from "vitest";
import { bodyOf, EarlyHousehold, earlyHead, errorBody, expectedHead, MODEL, PAIR } from "./early-household.ts";
import { requestBytes } from "./raw-http.ts";
import { until } from "./until.ts";

const JSON_TYPE = "application/json";

let home: EarlyHousehold;

beforeAll(async () => {
	home = await EarlyHousehold.start();
});
afterEach(() => home.tidy());
afterAll(() => home?.household.stop());

const WHOLE = [
	["/api/chat", "application/json; charset=utf-8"],
	["/api/embed", "application/json; charset=utf-8"],
	["/v1/chat/completions", JSON_TYPE],
	["/v1/messages", JSON_TYPE],
	["/v1/embeddings", JSON_TYPE],
] as const;

describe.for(WHOLE)("one JSON object that is long in coming: %s", ([path, type]) => {
	const answer = '{"id":"x","done":true,"eval_count":2}';

	it("has blanks before it", async ({ expect }) => {
		const { client, arrived } = await home.kept({ path, stream: false }, / /g);
		arrived.response.writeHead(200, { "content-type": type, "content-length": answer.length }).end(answer);
		const got = await client.wholeAnswer();
		expect(earlyHead(got)).toEqual(expectedHead(type));
		expect([got.body.toString().trimStart(), got.whole]).toEqual([answer, true]);
		expect(await home.household.traceOf(got.headers.get("x-request-id"))).toMatchObject({ status: "completed" });
	});

	it("is cut when it fails, and a repeat is told why, at once, for as long as a client repeats", async ({ expect }) => {
		const asked = { path, stream: false, text: `fails on ${path}`, headers: { Authorization: "Bearer somebody" } };
		const { client, arrived } = await home.kept(asked, / /g);
		arrived.response.writeHead(400, { "content-type": JSON_TYPE }).end(errorBody(path));
		const got = await client.wholeAnswer();
		expect([got.body.toString().trim(), got.whole]).toEqual(["", false]);
		expect(await home.household.traceOf(got.headers.get("x-request-id"))).toMatchObject({ status: "failed" });
		for (let repeat = 1; repeat <= 2; repeat++) {
			const told = await (await home.send(asked)).wholeAnswer();
			expect([told.status, told.headers.get("content-type"), told.body.toString()]).toEqual([400, JSON_TYPE, errorBody(path)]);
			const trace = await home.household.traceOf(told.headers.get("x-request-id"));
			expect(trace).toMatchObject({ status: "failed", error_message: "the same request has just failed with 400", attempts: [] });
		}
		await home.send(asked);
		expect((await home.upstream.next()).path).toBe(path);
	});
});

describe("a repeat", () => {
	it("is somebody else's with another key or another body", async ({ expect }) => {
		const asked = { path: "/api/chat", stream: false, text: "whose", headers: { Authorization: "Bearer one" } };
		const { client, arrived } = await home.kept(asked, / /g);
		arrived.response.writeHead(400, { "content-type": JSON_TYPE }).end(errorBody("/api/chat"));
		await client.wholeAnswer();
		for (const other of [
			{ ...asked, headers: { Authorization: "Bearer two" } },
			{ ...asked, text: "who" },
			{ ...asked, path: "/api/generate" },
		]) {
			const next = await home.send(other);
			(await home.upstream.next()).response.writeHead(200, { "content-type": JSON_TYPE }).end("{}");
			expect((await next.wholeAnswer()).status).toBe(200);
		}
	});

	it("of a request whose client has left is a new try", async ({ expect }) => {
		const asked = { path: "/api/chat", stream: false, text: "comes back" };
		const { client, arrived } = await home.kept(asked, / /g);
		client.leave();
		await until("the node is told", () => arrived.socket.destroyed);
		await home.household.idle();
		const again = await home.send(asked);
		(await home.upstream.next()).response.writeHead(200, { "content-type": JSON_TYPE }).end("{}");
		expect((await again.wholeAnswer()).status).toBe(200);
	});

	it("is told the words of the router when no node could answer, and when to come again", async ({ expect }) => {
		const asked = { path: "/api/chat", stream: false, model: PAIR, text: "nobody" };
		const { client, arrived } = await home.kept(asked, / /g);
		arrived.response.writeHead(503, { "content-type": JSON_TYPE }).end('{"error":"first"}');
		(await home.cold.next()).response.writeHead(500, { "content-type": JSON_TYPE }).end('{"error":"second"}');
		expect((await client.wholeAnswer()).whole).toBe(false);
		const told = await (await home.send(asked)).wholeAnswer();
		expect([told.status, told.body.toString()]).toEqual([503, '{"error":"first"}']);
	});
});

describe("early bytes", () => {
	it("do not begin an answer whose refusal is known", async ({ expect }) => {
		const client = await home.send({ path: "/api/chat", stream: true, model: "nobody:1b" });
		// The node words it, in its own time
		(
			await until("a node is asked", () => [home.upstream, home.hot, home.cold].find(({ untaken }) => untaken > 0)).then((ollama) =>
				ollama.next(),
			)
		).response
			.writeHead(404, { "content-type": JSON_TYPE })
			.end('{"error":"model \'nobody:1b\' not found"}');
		const got = await client.wholeAnswer();
		expect(got.status === 404 || got.headers.has("x-fleet-early")).toBe(true);
	});

	it("are for requests that wait for a place too, and a client that leaves the queue is out of it", async ({ expect }) => {
		const running = await home.send({ path: "/api/chat", stream: true });
		await home.upstream.next();
		const waiting = await home.send({ path: "/api/chat", stream: true, text: "second" });
		await until("the second is kept alive", () => bodyOf(waiting).startsWith("  "));
		expect((await home.household.status()).fleet).toMatchObject({ requests_active: 1, requests_waiting: 1 });
		waiting.leave();
		await until("nobody waits", async () => (await home.household.status()).fleet.requests_waiting === 0);
		expect(await home.household.traceOf(waiting.answer?.headers.get("x-request-id"))).toMatchObject({
			status: "client_disconnected",
			node_id: "",
		});
		running.leave();
	});

	it("leave nothing behind when the client leaves just as they begin", async () => {
		for (let turn = 0; turn < 80; turn++) {
			const sentAt = performance.now();
			const client = await home.send({ path: "/api/chat", stream: turn % 2 === 0, text: `leaves ${turn}` });
			const { response } = await home.upstream.next();
			await until("the moment has come", () => performance.now() - sentAt > 49 + turn / 20);
			client.destroy();
			await home.household.idle();
			response.destroy();
		}
	});

	it("are none for an uploaded form, whose answer may be sound", async ({ expect }) => {
		const client = await home.connect();
		const body = `--x\r\nContent-Disposition: form-data; name="model"\r\n\r\n${MODEL}\r\n--x--\r\n`;
		const headers = { "Content-Type": "multipart/form-data; boundary=x" };
		client.send(requestBytes(home.household.port, { path: "/v1/audio/transcriptions", headers, body }));
		const { response } = await home.upstream.next();
		// As long as another's keep-alives take
		const other = await home.send({ path: "/api/chat", stream: true, model: PAIR });
		await until("another is kept alive", () => bodyOf(other).startsWith("   "));
		expect(client.received.byteLength).toBe(0);
		response.writeHead(200, { "content-type": "text/plain" }).end("words");
		const got = await client.wholeAnswer();
		expect([got.body.toString(), got.headers.get("x-fleet-node"), got.headers.has("x-fleet-early")]).toEqual(["words", "script", false]);
	});
});
