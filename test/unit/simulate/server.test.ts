import { afterEach, beforeEach, describe, it } from "vitest";
import { Stage } from "./on-the-wire.ts";

const SLOW = { model: "slow", prompt: "Hi", options: { num_predict: 50 } };

let stage: Stage;

beforeEach(async () => {
	stage = await Stage.open();
});

afterEach(async () => {
	await stage.close();
});

function busySlots(): number {
	return stage.ollama.snapshot().resident.reduce((sum, runner) => sum + runner.busySlots, 0);
}

describe("a stream", () => {
	it("sends nothing, not even its status, before the first token", async ({ expect }) => {
		const stream = stage.ask("/api/generate", SLOW);
		await stage.until(() => busySlots() > 0);
		await stage.clock.advance(50);
		expect(stream.received).toBe("");
		await stage.until(() => stream.received !== "");
		expect(stream.received).toContain("HTTP/1.1 200 OK");
		expect(stream.received).toContain('"done":false}\n');
	});

	it("carries a token a chunk and ends with its counters", async ({ expect }) => {
		const stream = stage.ask("/api/generate", SLOW);
		await stage.until(() => stream.complete);
		expect(stream.received.match(/"done":false\}\n\r\n/g)?.length).toBe(50);
		expect(stream.received).toContain('"done":true,"done_reason":"length"');
		expect(stream.received).toContain('"eval_count":50,"eval_duration":3000000000}');
	});

	it("frees its place within a token when the client leaves", async ({ expect }) => {
		const stream = stage.ask("/api/generate", { ...SLOW, options: {} });
		await stage.until(() => stream.received !== "");
		stream.socket.destroy();
		await stage.until(() => busySlots() === 0);
		expect(stage.ollama.snapshot()).toMatchObject({ running: [], resident: [{ name: "slow:latest", references: 0 }] });
	});

	it("says why when the client only closed its sending side, and ends properly", async ({ expect }) => {
		const stream = stage.ask("/api/generate", { ...SLOW, options: {} });
		await stage.until(() => stream.received !== "");
		stream.socket.end();
		await stage.until(() => stream.ended);
		expect(stream.received).toContain('{"error":"error reading llama-server response: context canceled"}\n');
		expect(stream.complete).toBe(true);
	});

	it("reads a prompt to the end of its batch although the client has left", async ({ expect }) => {
		const prompt = "word ".repeat(400);
		const long = stage.ask("/api/generate", { ...SLOW, prompt });
		await stage.until(() => busySlots() === 1);
		const begun = stage.clock.now();
		long.socket.destroy();
		const next = stage.ask("/api/generate", SLOW);
		await stage.until(() => next.received !== "");
		expect(stage.clock.now() - begun).toBeGreaterThan(400 * 50);
	});
});

describe("requests for one slot", () => {
	it("are served in the order they came, and show their wait only in the total", async ({ expect }) => {
		await stage.json("/api/generate", { model: "slow" });
		const first = stage.ask("/api/generate", { ...SLOW, stream: false });
		await stage.until(() => busySlots() === 1);
		const second = stage.ask("/api/generate", { ...SLOW, stream: false });
		await stage.until(() => stage.ollama.snapshot().resident[0]?.waiting === 1);
		await stage.until(() => second.received.includes("eval_duration"));
		expect(first.received).toContain("eval_duration");
		const counters = JSON.parse(second.received.slice(second.received.indexOf("{")));
		expect(counters.load_duration).toBeLessThan(1e9);
		expect(counters.total_duration - counters.eval_duration).toBeGreaterThan(2.5e9);
	});
});

describe("a load", () => {
	it("is not in ps, and is given up when its client leaves", async ({ expect }) => {
		const request = stage.ask("/api/generate", { model: "huge" });
		await stage.until(() => stage.ollama.snapshot().loading === "huge:latest");
		expect(await stage.json("/api/ps")).toEqual({ models: [] });
		request.socket.destroy();
		await stage.until(() => stage.ollama.snapshot().loading === undefined);
		expect(stage.ollama.snapshot().resident).toEqual([]);
	});

	it("is undone at once by an unload, while the stream goes on", async ({ expect }) => {
		const stream = stage.ask("/api/generate", SLOW);
		await stage.until(() => stream.received !== "");
		expect(await stage.json("/api/generate", { model: "slow", keep_alive: 0 })).toMatchObject({ done_reason: "unload" });
		expect(stream.complete).toBe(false);
		await stage.until(() => stream.complete);
		await stage.until(() => stage.ollama.snapshot().resident.length === 0);
		expect(stream.received).toContain('"done":true');
	});
});

describe("a runner that dies", () => {
	async function dieDuring(path: string, body: object): Promise<string> {
		const request = stage.ask(path, body);
		await stage.until(() => request.received !== "");
		stage.ollama.killRunner("slow");
		await stage.until(() => request.complete);
		return request.received;
	}

	it("ends a native stream with an error line, properly", async ({ expect }) => {
		const received = await dieDuring("/api/generate", SLOW);
		expect(received).toContain('{"error":"an error was encountered while running the model: unexpected EOF"}\n');
		expect(received).not.toContain('"done":true');
	});

	it("ends a chat completion with an odd chunk and no DONE", async ({ expect }) => {
		const received = await dieDuring("/v1/chat/completions", { model: "slow", messages: [{ role: "user", content: "Hi" }], stream: true });
		expect(received).toContain(
			'"model":"","system_fingerprint":"fp_ollama","choices":[{"index":0,"delta":{"content":""},"finish_reason":null}]}',
		);
		expect(received).not.toContain("[DONE]");
	});

	it("is a 500 before the first token", async ({ expect }) => {
		const request = stage.ask("/api/generate", { ...SLOW, prompt: "word ".repeat(100) });
		await stage.until(() => busySlots() > 0);
		stage.ollama.killRunner("slow");
		await stage.until(() => request.complete);
		expect(request.received).toContain("HTTP/1.1 500 Internal Server Error\r\nContent-Type: application/json\r\n");
		expect(request.received).toContain("model runner has unexpectedly stopped");
	});
});

describe("injected faults", () => {
	it("break a stream after some chunks", async ({ expect }) => {
		stage.ollama.faults.stream = { kind: "end-without-done", afterChunks: 3 };
		const short = stage.ask("/api/generate", SLOW);
		await stage.until(() => short.complete);
		expect(short.received.match(/"done":false/g)?.length).toBe(3);
		stage.ollama.faults.stream = { kind: "reset", afterChunks: 2 };
		const torn = stage.ask("/api/generate", SLOW);
		await stage.until(() => torn.ended);
		expect([torn.complete, torn.failed]).toEqual([false, true]);
	});

	it("put two lines into one chunk, or a character into two", async ({ expect }) => {
		stage.ollama.faults.joinLines = true;
		const joined = stage.ask("/api/generate", { ...SLOW, options: { num_predict: 3 } });
		await stage.until(() => joined.complete);
		expect(joined.received.match(/\}\n\{/g)?.length).toBe(2);
	});

	it("make a line longer than any buffer", async ({ expect }) => {
		stage.ollama.faults.longTokenCharacters = 300_000;
		const whole = await stage.json("/api/generate", { ...SLOW, stream: false, options: { num_predict: 2 } });
		expect(String(whole["response"]).length).toBeGreaterThan(300_000);
	});

	it("keep an old listing", async ({ expect }) => {
		await stage.json("/api/generate", { model: "tiny" });
		const before = await stage.json("/api/ps");
		stage.ollama.faults.psStale = true;
		await stage.json("/api/generate", { model: "tiny", keep_alive: 0 });
		expect(await stage.json("/api/ps")).toEqual(before);
	});

	it("take all memory away: requests fail, and nothing stays loaded", async ({ expect }) => {
		const stream = stage.ask("/api/generate", SLOW);
		await stage.until(() => stream.received !== "");
		stage.ollama.runOutOfMemory();
		await stage.until(() => stream.complete);
		expect(stream.received).toContain('{"error":"an error was encountered');
		expect(stage.ollama.snapshot().resident).toEqual([]);
	});

	it("answer as a machine with a full queue does", async ({ expect }) => {
		stage.ollama.faults.queueFull = true;
		expect(await stage.json("/api/generate", SLOW)).toEqual({ error: "server busy, please try again.  maximum pending requests exceeded" });
	});
});

describe("answers", () => {
	it("repeat for equal seeds and prompts, and differ for others", async ({ expect }) => {
		const ask = async (seed: number, prompt: string) =>
			(await stage.json("/api/generate", { model: "tiny", prompt, stream: false, options: { seed } }))["response"];
		const [first, again, otherSeed, otherPrompt] = [await ask(1, "a"), await ask(1, "a"), await ask(2, "a"), await ask(1, "b")];
		expect(again).toBe(first);
		expect(otherSeed).not.toBe(first);
		expect(otherPrompt).not.toBe(first);
	});

	it("say how much of a prompt was still known by how little time it took", async ({ expect }) => {
		const body = { model: "slow", prompt: "word ".repeat(50), stream: false, options: { num_predict: 1 } };
		const [cold, warm] = [await stage.json("/api/generate", body), await stage.json("/api/generate", body)];
		expect(warm["prompt_eval_count"]).toBe(cold["prompt_eval_count"]);
		expect(Number(warm["prompt_eval_duration"])).toBeLessThan(Number(cold["prompt_eval_duration"]) / 10);
	});
});
