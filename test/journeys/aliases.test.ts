/** Names that the fleet does not have: aliases, built-in names of coding agents, fallbacks. The client sees the name it asked for. */
import { afterAll, beforeAll, describe, it } from "vitest";
import { Household } from "./household.ts";
import { addMachine } from "./machine.ts";

let household: Household;

beforeAll(async () => {
	household = await Household.start({ variables: { FLEET_ALIASES: JSON.stringify({ big: "llama3.3:70b" }) } });
	await addMachine(household, { nodeId: "studio", timeScale: 100 });
	await household.ready("studio");
});
afterAll(() => household?.stop());

const MESSAGES = [{ role: "user", content: "Hello" }];

async function ask(path: string, body: Record<string, unknown>): Promise<{ response: Response; text: string }> {
	const response = await fetch(household.url + path, { method: "POST", body: JSON.stringify({ messages: MESSAGES, ...body }) });
	return { response, text: await response.text() };
}

describe("an alias", () => {
	it.for([
		["/api/chat", { options: { num_predict: 5 } }],
		["/v1/chat/completions", { stream: true, max_tokens: 5 }],
		["/v1/messages", { stream: true, max_tokens: 5 }],
		["/api/chat", { stream: false, options: { num_predict: 5 } }],
	] as const)("is what the answer of %s names, %j, while headers and trace tell the truth", async ([path, fields], { expect }) => {
		const { response, text } = await ask(path, { model: "big", ...fields });
		expect(response.status).toBe(200);
		expect(text).toContain('"model":"big"');
		expect(text).not.toContain("llama3.3");
		expect(Object.fromEntries(response.headers)).toMatchObject({
			"x-fleet-served-model": "llama3.3:70b",
			"x-fleet-requested-model": "big:latest",
			"x-fleet-fallback": "true",
			"x-fleet-rewrote": "model big -> llama3.3:70b (alias)",
		});
		const trace = await household.traceOf(response.headers.get("x-request-id") ?? undefined);
		expect(trace).toMatchObject({
			status: "completed",
			model: "llama3.3:70b",
			original_model: "big:latest",
			finish_reason: path === "/v1/messages" ? "max_tokens" : "length",
		});
	});
});

describe("a name built into a coding agent", () => {
	it("is answered by the best model of the fleet for it", async ({ expect }) => {
		const { response, text } = await ask("/v1/messages", { model: "claude-sonnet-4-6", max_tokens: 5 });
		expect(response.status).toBe(200);
		expect(JSON.parse(text)).toMatchObject({ model: "claude-sonnet-4-6" });
	});
});

describe("fallback models", () => {
	it("serve when the model asked for is nowhere, and do not reach the node", async ({ expect }) => {
		const { response, text } = await ask("/api/chat", {
			model: "nobody:1b",
			fallback_models: ["absent:7b", "llama3.1:8b"],
			stream: false,
			options: { num_predict: 3 },
		});
		expect(response.headers.get("x-fleet-served-model")).toBe("llama3.1:8b");
		expect(JSON.parse(text)).toMatchObject({ model: "nobody:1b", done: true });
	});
});
