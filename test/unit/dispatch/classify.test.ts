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
});
