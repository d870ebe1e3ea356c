/** `/api/chat` and `/api/generate`. */
import { ask, type Ask, type Outcome } from "../inference/ask.ts";
import type { Message } from "../inference/prompt.ts";
import type { SimulatedNode } from "../node.ts";
import type { Exchange } from "../wire/exchange.ts";
import { asRecord, count, flag, images, keepAlive, list, optionalText, record, text, thinking, type Body } from "./fields.ts";
import { CHAT_REQUEST, GENERATE_REQUEST } from "./native-schemas.ts";
import { sendNative } from "./native-writer.ts";
import { decoding, readBody, sendError, type Route } from "./route.ts";

async function handleChat(node: SimulatedNode, exchange: Exchange): Promise<void> {
	const body = await readBody(exchange, CHAT_REQUEST);
	if (!body) return;
	await decoding(exchange, async () => respond(node, exchange, body, chatAsk(body)));
}

async function handleGenerate(node: SimulatedNode, exchange: Exchange): Promise<void> {
	const body = await readBody(exchange, GENERATE_REQUEST);
	if (!body) return;
	await decoding(exchange, async () => {
		const wanted = generateAsk(body);
		const mixed = flag(body, "raw") && (text(body, "system") !== "" || text(body, "template") !== "" || list(body, "context").length > 0);
		if (mixed && node.store.find(wanted.model)) return sendError(exchange, 400, "raw mode does not support template, system, or context");
		await respond(node, exchange, body, wanted);
	});
}

async function respond(node: SimulatedNode, exchange: Exchange, body: Body, wanted: Ask): Promise<void> {
	const outcome: Outcome = await ask(node, wanted, exchange);
	const form = { kind: wanted.kind, model: wanted.model, stream: flag(body, "stream") ?? true, raw: flag(body, "raw") ?? false };
	await sendNative(node, exchange, outcome, { ...form, logprobs: wanted.logprobs ? (wanted.topLogprobs ?? 0) : undefined });
}

function shared(body: Body): Omit<Ask, "kind" | "messages" | "tools" | "images"> {
	const format = body["format"];
	return {
		model: text(body, "model"),
		options: record(body, "options"),
		format: format === "" ? undefined : format,
		think: thinking(body),
		keepAliveMs: keepAlive(body),
		truncate: flag(body, "truncate"),
		shift: flag(body, "shift"),
		logprobs: flag(body, "logprobs") ?? false,
		topLogprobs: count(body, "top_logprobs"),
		renderOnly: flag(body, "_debug_render_only") ?? false,
	};
}

function chatAsk(body: Body): Ask {
	const messages = list(body, "messages").map((value) => chatMessage(asRecord(value)));
	return {
		...shared(body),
		kind: "chat",
		messages,
		tools: list(body, "tools"),
		images: messages.reduce((sum, message) => sum + message.images, 0),
	};
}

function chatMessage(body: Body): Message {
	const thought = optionalText(body, "thinking");
	const calls = list(body, "tool_calls");
	const content = text(body, "content") + (calls.length > 0 ? JSON.stringify(calls) : "");
	return {
		role: text(body, "role").toLowerCase(),
		content,
		images: images(list(body, "images")),
		...(thought !== undefined && { thinking: thought }),
	};
}

function generateAsk(body: Body): Ask {
	const prompt = text(body, "prompt");
	const pictures = images(list(body, "images"));
	const base: Ask = { ...shared(body), kind: "generate", messages: [], tools: [], images: pictures, suffix: optionalText(body, "suffix") };
	if (flag(body, "raw") || base.suffix) return { ...base, raw: prompt };
	if (prompt === "") return base;
	const system = optionalText(body, "system");
	const before: Message[] = system ? [{ role: "system", content: system, images: 0 }] : [];
	return { ...base, messages: [...before, { role: "user", content: prompt, images: pictures }] };
}

export const nativeInferenceRoutes: Route[] = [
	{ method: "POST", path: "/api/chat", handle: handleChat },
	{ method: "POST", path: "/api/generate", handle: handleGenerate },
];
