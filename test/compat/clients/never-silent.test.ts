/** The official clients when an answer is long in coming, and when its machine dies: nobody gives up, and nobody takes a part for the whole. */
import type { ServerResponse } from "node:http";
import { afterAll, afterEach, beforeAll, describe, it } from "vitest";
import { Household } from "../../journeys/household.ts";
import { startAgentOf } from "../../journeys/machine.ts";
import { type ScriptedOllama, startScriptedOllama } from "../../journeys/scripted-ollama.ts";
import { until } from "../../journeys/until.ts";
import { type Clients, clientsOf, collected } from "./both-ways.ts";
import { chunk, CHUNKS, EVENTS, lines, MODEL, RESPONSES } from "./scripted-answers.ts";

const HELLO = [{ role: "user" as const, content: "Hello" }];
const CHAT = { model: MODEL, messages: HELLO };
const MESSAGE = { ...CHAT, max_tokens: 10 };
const RESPONSE = { model: MODEL, input: "Hello" };
let turns = 0;
/** Never the same: a repeat would be told why the one before it failed. */
const another = () => ({ ...MESSAGE, messages: [{ role: "user" as const, content: `Hello ${turns++}` }] });
const BROKE = 'node "script" broke off in the middle of its answer';

let household: Household;
let upstream: ScriptedOllama;
let clients: Clients;

beforeAll(async () => {
	household = await Household.start({ variables: { FLEET_EARLY_BYTES_AFTER_S: "0.05", FLEET_EARLY_BYTES_EVERY_S: "0.02" } });
	upstream = household.add(await startScriptedOllama(MODEL));
	household.add(await startAgentOf(household, { nodeId: "script", ollamaUrl: upstream.url, token: household.joinToken }));
	await household.ready("script");
	// Only `url` is used
	clients = clientsOf({ name: "routed", url: household.url } as Clients["side"]);
});
afterEach(async () => {
	upstream.dropUntaken();
	await household.idle();
});
afterAll(() => household?.stop());

interface Way {
	/** Resolves with the text that the client made of it. */
	readonly ask: (clients: Clients) => Promise<string>;
	readonly type: string;
	/** The answer "Hello there" in pieces; a machine that dies gives only the first. */
	readonly answer: readonly string[];
	/** What the client says of a machine that dies. */
	readonly died: RegExp;
	/** What it says of a refusal behind keep-alives. */
	readonly refused: RegExp;
}

const SSE = "text/event-stream";
const JSON_TYPE = "application/json";
const CUT = /terminated|fetch failed|Connection error|Premature|aborted|socket/i;

const WAYS: Record<string, Way> = {
	"ollama chat": {
		ask: async ({ ollama }) => (await collected(ollama.chat({ ...CHAT, stream: true }))).map(({ message }) => message.content).join(""),
		type: "application/x-ndjson",
		answer: [
			lines({ message: { role: "assistant", content: "Hello " } })[0] ?? "",
			lines({ message: { role: "assistant", content: "there" } })[1] ?? "",
		],
		died: new RegExp(BROKE),
		refused: /it hurts/,
	},
	"ollama generate": {
		ask: async ({ ollama }) =>
			(await collected(ollama.generate({ model: MODEL, prompt: "Hello", stream: true }))).map((line) => line.response).join(""),
		type: "application/x-ndjson",
		answer: [lines({ response: "Hello " })[0] ?? "", lines({ response: "there" })[1] ?? ""],
		died: new RegExp(BROKE),
		refused: /it hurts/,
	},
	"openai chat": {
		ask: async ({ openai }) =>
			(await collected(openai.chat.completions.create({ ...CHAT, stream: true })))
				.map(({ choices }) => choices[0]?.delta.content ?? "")
				.join(""),
		type: SSE,
		answer: CHUNKS,
		died: new RegExp(BROKE),
		refused: /it hurts/,
	},
	"openai chat, put together": {
		ask: async ({ openai }) => (await openai.chat.completions.stream({ ...CHAT }).finalChatCompletion()).choices[0]?.message.content ?? "",
		type: SSE,
		answer: CHUNKS,
		died: new RegExp(BROKE),
		refused: /it hurts/,
	},
	"openai completions": {
		ask: async ({ openai }) =>
			(await collected(openai.completions.create({ model: MODEL, prompt: "Hello", stream: true })))
				.map(({ choices }) => choices[0]?.text ?? "")
				.join(""),
		type: SSE,
		answer: [chunk({ text: "Hello ", finish_reason: null }), `${chunk({ text: "there", finish_reason: "stop" })}data: [DONE]\n\n`],
		died: new RegExp(BROKE),
		refused: /it hurts/,
	},
	"openai responses": {
		/** This way of asking raises nothing by itself: a failed response is an event, as at OpenAI. */
		ask: async ({ openai }) => {
			const events = await collected(openai.responses.create({ ...RESPONSE, stream: true }));
			const last = events.at(-1);
			if (last?.type === "response.failed") throw new Error(last.response.error?.message);
			return events.map((one) => (one.type === "response.output_text.delta" ? one.delta : "")).join("");
		},
		type: SSE,
		answer: RESPONSES,
		died: new RegExp(BROKE),
		refused: /it hurts/,
	},
	"openai responses, put together": {
		ask: async ({ openai }) => {
			const { status, error, output_text: text } = await openai.responses.stream({ ...RESPONSE }).finalResponse();
			if (status === "failed") throw new Error(error?.message);
			return text;
		},
		type: SSE,
		answer: RESPONSES,
		died: new RegExp(BROKE),
		refused: /it hurts/,
	},
	"anthropic messages": {
		ask: async ({ anthropic }) =>
			(await collected(anthropic.messages.create({ ...MESSAGE, stream: true })))
				.map((one) => (one.type === "content_block_delta" && one.delta.type === "text_delta" ? one.delta.text : ""))
				.join(""),
		type: SSE,
		answer: EVENTS,
		died: /broke off in the middle of its answer/,
		refused: /it hurts/,
	},
	"anthropic messages, put together": {
		ask: ({ anthropic }) => anthropic.messages.stream({ ...MESSAGE }).finalText(),
		type: SSE,
		answer: EVENTS,
		died: /broke off in the middle of its answer/,
		refused: /it hurts/,
	},
	"ollama chat, whole": {
		ask: async ({ ollama }) => (await ollama.chat({ model: MODEL, messages: another().messages })).message.content,
		type: "application/json; charset=utf-8",
		answer: ['{"message":{"content":"Hello ', 'there"},"done":true}'],
		died: CUT,
		refused: CUT,
	},
	"openai chat, whole": {
		ask: async ({ openai }) => (await openai.chat.completions.create(another())).choices[0]?.message.content ?? "",
		type: JSON_TYPE,
		answer: ['{"id":"x","choices":[{"index":0,"message":{"content":"Hello ', 'there"},"finish_reason":"stop"}]}\n'],
		died: CUT,
		refused: CUT,
	},
	"anthropic messages, whole": {
		ask: async ({ anthropic }) => {
			const [block] = (await anthropic.messages.create(another())).content;
			return block?.type === "text" ? block.text : "";
		},
		type: JSON_TYPE,
		answer: ['{"id":"msg_1","type":"message","content":[{"type":"text","text":"Hello ', 'there"}]}\n'],
		died: CUT,
		refused: CUT,
	},
};

/** Time for an opening and some keep-alives: as long as another request needs to get them. */
async function keptAlive(): Promise<void> {
	const response = await fetch(`${household.url}/api/chat`, { method: "POST", body: JSON.stringify({ ...CHAT, waits: true }) });
	const reader = response.body?.getReader();
	for (let blanks = 0; blanks < 3;) blanks += (await reader?.read())?.value?.length ?? 0;
	await reader?.cancel();
}

async function textOf(asked: Promise<string>): Promise<{ text: string } | { raised: string }> {
	return asked.then(
		(text) => ({ text }),
		(error: unknown) => ({ raised: error instanceof Error ? `${error.message} ${String(error.cause ?? "")}` : String(error) }),
	);
}

describe.for(Object.entries(WAYS))("%s", ([, { ask, type, answer, died, refused }]) => {
	async function begin(isLate: boolean): Promise<{ outcome: ReturnType<typeof textOf>; node: ServerResponse }> {
		const outcome = textOf(ask(clients));
		const { response: node } = await upstream.next();
		if (isLate) await keptAlive();
		return { outcome, node };
	}

	it("gets its answer behind early bytes", async ({ expect }) => {
		const { outcome, node } = await begin(true);
		node.writeHead(200, { "content-type": type }).write(answer[0] ?? "");
		node.end(answer.slice(1).join(""));
		expect(await outcome).toEqual({ text: "Hello there" });
	});

	it("raises for a refusal behind early bytes", async ({ expect }) => {
		const { outcome, node } = await begin(true);
		node.writeHead(400, { "content-type": JSON_TYPE }).end('{"error":"it hurts"}');
		expect(await outcome).toEqual({ raised: expect.stringMatching(refused) });
	});

	it.for([true, false])("raises when the machine dies in mid-stream, early bytes before: %s", async (isLate, { expect }) => {
		const { outcome, node } = await begin(isLate);
		node.writeHead(200, { "content-type": type }).write(answer[0] ?? "");
		await until("the beginning has left", async () => (await household.status()).fleet.requests_active === 1 && node.writableLength === 0);
		node.socket?.destroySoon();
		expect(await outcome).toEqual({ raised: expect.stringMatching(died) });
	});
});
