/** `/v1/responses`. */
import type { ToolCall } from "../inference/answer.ts";
import { ask, type Outcome } from "../inference/ask.ts";
import { gather } from "../inference/gather.ts";
import type { SimulatedNode } from "../node.ts";
import type { Exchange } from "../wire/exchange.ts";
import { goJson } from "../wire/go-json.ts";
import { flag, type Body } from "./fields.ts";
import { EVENT_STREAM, readOpenaiBody, seconds, sendLateError, sendObject } from "./openai-wire.ts";
import { responseObject, RESPONSES_REQUEST, responsesAsk, type Output } from "./responses-object.ts";
import { ResponseEvents, type SseEvent } from "./responses-events.ts";
import type { Route } from "./route.ts";

type Running = Extract<Outcome, { kind: "started" }>;

async function handle(node: SimulatedNode, exchange: Exchange): Promise<void> {
	await readOpenaiBody(exchange, RESPONSES_REQUEST, async (body) => {
		const wanted = responsesAsk(body, node.rules);
		const stream = flag(body, "stream") ?? false;
		if (stream) exchange.always(["Cache-Control", "no-cache"], ["Connection", "keep-alive"]);
		const outcome = await ask(node, wanted, exchange);
		if (outcome.kind === "refused") return sendLateError(exchange, outcome.status, outcome.text);
		if (outcome.kind === "loaded") return sendObject(exchange, finished(node, body, [textOutput(shortNumber(node, "msg"), "")]));
		if (outcome.kind !== "started") return exchange.drop();
		await (stream ? sendStream(node, exchange, outcome, body) : sendWhole(node, exchange, outcome, body));
	});
}

/** Ids here are short numbers. */
function shortNumber(node: SimulatedNode, prefix: string): string {
	return `${prefix}_${Math.floor(node.random() * 999_999)}`;
}

function finished(node: SimulatedNode, body: Body, output: Output[]) {
	const now = seconds(node);
	return responseObject({ body, id: shortNumber(node, "resp"), createdAt: now, completedAt: now, output, metrics: undefined });
}

function textOutput(id: string, text: string): Output {
	return {
		id,
		type: "message",
		status: "completed",
		role: "assistant",
		content: [{ type: "output_text", text, annotations: [], logprobs: [] }],
	};
}

async function sendWhole(node: SimulatedNode, exchange: Exchange, { events }: Running, body: Body): Promise<void> {
	const createdAt = seconds(node);
	const said = await gather(events);
	if (said.error !== undefined) return sendLateError(exchange, 500, said.error);
	if (!said.done && exchange.signal.aborted) return exchange.drop();
	const reasoning: Output[] =
		said.thinking === ""
			? []
			: [
					{
						id: shortNumber(node, "rs"),
						type: "reasoning",
						summary: [{ type: "summary_text", text: said.thinking }],
						encrypted_content: said.thinking,
					},
				];
	const main =
		said.calls.length > 0
			? said.calls.map((call, index) => callOutput(shortNumber(node, "fc"), call, index))
			: [textOutput(shortNumber(node, "msg"), said.content)];
	const id = shortNumber(node, "resp");
	sendObject(
		exchange,
		responseObject({ body, id, createdAt, completedAt: seconds(node), output: [...reasoning, ...main], metrics: said.done?.metrics }),
	);
}

function callOutput(id: string, { id: call_id, name, arguments: input }: ToolCall, index: number): Output {
	return { id: `${id}_${index}`, type: "function_call", status: "completed", call_id, name, arguments: goJson(input) };
}

async function sendStream(node: SimulatedNode, exchange: Exchange, { events }: Running, body: Body): Promise<void> {
	exchange.open(EVENT_STREAM);
	const make = new ResponseEvents({ body, createdAt: seconds(node), now: () => seconds(node), id: (prefix) => shortNumber(node, prefix) });
	const send = async (event: SseEvent) => exchange.write(`event: ${event.name}\ndata: ${goJson(event.data)}\n\n`);
	for (const event of make.begin()) await send(event);
	for await (const event of events) for (const out of make.take(event)) await send(out);
	exchange.end();
}

export const responsesRoutes: Route[] = [{ method: "POST", path: "/v1/responses", handle }];
