import { describe, it } from "vitest";
import { classifyResponse, classifyThrown } from "../../../worker/dispatch/classify.ts";

describe("failures before the first byte", () => {
	it("are none for what Ollama refuses: that answer is the client's", async ({ expect }) => {
		expect(await classifyResponse(new Response('{"error":"no"}', { status: 400 }))).toBeUndefined();
		expect(await classifyResponse(new Response("", { status: 200 }))).toBeUndefined();
	});

	it("keep a node's own words, to be relayed when no other node helps", async ({ expect }) => {
		const failure = await classifyResponse(
			new Response('{"error":"out of memory"}', { status: 500, headers: { "content-type": "application/json" } }),
		);
		expect(failure).toMatchObject({ kind: "server-error", relay: { status: 500, body: '{"error":"out of memory"}' } });
	});

	it("tell the door's own trouble from Ollama's", async ({ expect }) => {
		const door = (word: string) => classifyResponse(new Response("{}", { status: 502, headers: { "x-fleet-door-error": word } }));
		expect((await door("connect"))?.kind).toBe("connect");
		expect((await door("reset"))?.kind).toBe("reset");
		expect((await door("draining"))?.kind).toBe("draining");
	});

	it("name the client when it was the client, and time when time ran out", ({ expect }) => {
		expect(classifyThrown({ ended: undefined, aborted: true }).kind).toBe("client-gone");
		expect(classifyThrown({ ended: "timeout", aborted: true }).kind).toBe("timeout");
		expect(classifyThrown({ ended: undefined, aborted: false }).kind).toBe("door-lost");
	});

	it("know a full queue by Ollama's words, and what a node asks for by its header", async ({ expect }) => {
		const body = '{"error":"server busy, please try again.  maximum pending requests exceeded"}';
		expect(await classifyResponse(new Response(body, { status: 503 }))).toMatchObject({ kind: "busy", relay: { body } });
		const asked = await classifyResponse(new Response("{}", { status: 503, headers: { "retry-after": "7" } }));
		expect(asked).toMatchObject({ kind: "server-error", retryAfterMs: 7000 });
	});

	it("know a page, and a door that refuses the router, for no answer of Ollama's", async ({ expect }) => {
		expect((await classifyResponse(new Response("<html>", { headers: { "content-type": "text/html; charset=utf-8" } })))?.kind).toBe(
			"garbage",
		);
		const refused = new Response("{}", { status: 401, headers: { "x-fleet-door-error": "secret" } });
		expect((await classifyResponse(refused))?.kind).toBe("door-refused");
	});
});
