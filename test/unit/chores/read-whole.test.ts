import { describe, it } from "vitest";
import type { Answered } from "../../../worker/chores/call-node.ts";
import { readWhole } from "../../../worker/chores/read-whole.ts";

const PATIENT = new AbortController().signal;

/** An answer whose end never comes; it breaks when the call is ended, unless it is deaf. */
function stalled({ isDeaf = false } = {}): Answered {
	const abort = new AbortController();
	const body = new ReadableStream<Uint8Array>({
		start(controller) {
			controller.enqueue(new TextEncoder().encode('{"models":['));
			if (!isDeaf) abort.signal.addEventListener("abort", () => controller.error(abort.signal.reason));
		},
	});
	return { kind: "answered", nodeId: "a", response: new Response(body), abort };
}

function broken(): Response {
	const body = new ReadableStream<Uint8Array>({ pull: (controller) => controller.error(new Error("connection lost")) });
	return new Response(body, { headers: { "Content-Type": "application/json" } });
}

describe("a node's answer", () => {
	it("is read to its end", async ({ expect }) => {
		const called: Answered = { kind: "answered", nodeId: "a", response: Response.json({ models: [] }), abort: new AbortController() };
		const read = await readWhole(called, { signal: PATIENT, timeoutMs: 60_000 });
		expect(read).toMatchObject({ kind: "whole", nodeId: "a", contentType: "application/json" });
		expect(called.abort.signal.aborted).toBe(false);
	});

	it.for([
		["stalls", false],
		["stalls and does not hear that the call was ended", true],
	] as const)("is given up when it %s", async ([, isDeaf], { expect }) => {
		const called = stalled({ isDeaf });
		const read = await readWhole(called, { signal: PATIENT, timeoutMs: 1 });
		expect(read).toMatchObject({ kind: "failed", nodeId: "a", failure: { kind: "timeout" } });
		expect(called.abort.signal.aborted).toBe(true);
	});

	it("is given up when the client leaves, before or in the middle of it", async ({ expect }) => {
		const client = new AbortController();
		const called = stalled();
		const reading = readWhole(called, { signal: client.signal });
		client.abort();
		expect(await reading).toMatchObject({ kind: "failed", failure: { kind: "client-gone" } });
		expect(called.abort.signal.aborted).toBe(true);
		expect(await readWhole(stalled(), { signal: client.signal })).toMatchObject({ failure: { kind: "client-gone" } });
	});

	it("that breaks off is the node's failure", async ({ expect }) => {
		const called: Answered = { kind: "answered", nodeId: "a", response: broken(), abort: new AbortController() };
		expect(await readWhole(called, { signal: PATIENT })).toMatchObject({ failure: { kind: "reset" } });
	});
});
