/** What the chaos campaign needs of a simulated machine: answers that can be told from others, and wrong ones. */
import { afterEach, beforeEach, it } from "vitest";
import { type SimulatedOllama, startSimulatedOllama } from "../../../agent/src/simulate/server.ts";

let ollama: SimulatedOllama;

beforeEach(async () => {
	ollama = await startSimulatedOllama({ profile: "golden", models: ["tiny"], mark: "attic", timeScale: Number.POSITIVE_INFINITY });
});
afterEach(() => ollama.stop());

function ask(path = "/api/chat"): Promise<Response> {
	const messages = [{ role: "user", content: "Say something to r-17" }];
	const body = { model: "tiny", messages, stream: false, max_tokens: 3, options: { num_predict: 3 } };
	return fetch(`${ollama.url}${path}`, { method: "POST", body: JSON.stringify(body) });
}

it("each token names the machine, the request and the answer, and counts", async ({ expect }) => {
	const texts = [];
	for (const response of [await ask(), await ask()])
		texts.push(((await response.json()) as { message: { content: string } }).message.content);
	const [first, second] = texts.map((text) => text.split(" ").map((token) => token.split("/")));
	expect(first?.map(([machine, request, , number]) => [machine, request, number])).toEqual(
		["0", "1", "2"].map((number) => ["attic", "r-17", number]),
	);
	expect(new Set([...(first ?? []), ...(second ?? [])].map(([, , answer]) => answer)).size).toBe(2);
});

it("a wrong reply is an error of the dialect, a page, or no HTTP at all; only inference meets it", async ({ expect }) => {
	ollama.faults.reply = "error";
	expect([(await ask()).status, await (await ask("/v1/messages")).json()]).toMatchObject([500, { type: "error", error: {} }]);
	ollama.faults.reply = "page";
	expect((await ask()).headers.get("content-type")).toBe("text/html");
	ollama.faults.reply = "garbage";
	await expect(ask()).rejects.toThrow("fetch failed");
	expect((await fetch(`${ollama.url}/api/tags`)).status).toBe(200);
});
