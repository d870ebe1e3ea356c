/** `/v1/completions`. */
import { ask, type Outcome } from "../inference/ask.ts";
import { gather } from "../inference/gather.ts";
import type { SimulatedNode } from "../node.ts";
import type { Exchange } from "../wire/exchange.ts";
import { COMPLETION_REQUEST, completionAsk } from "./openai-ask.ts";
import { formOf } from "./openai-chat.ts";
import { DONE, EVENT_STREAM, frame, readOpenaiBody, seconds, sendLateError, sendObject, smallId, usage } from "./openai-wire.ts";
import type { Route } from "./route.ts";

type Running = Extract<Outcome, { kind: "started" }>;

async function handle(node: SimulatedNode, exchange: Exchange): Promise<void> {
	await readOpenaiBody(exchange, COMPLETION_REQUEST, async (body) => {
		const wanted = completionAsk(body);
		const outcome = await ask(node, wanted, exchange);
		if (outcome.kind === "refused") return sendLateError(exchange, outcome.status, outcome.text);
		if (outcome.kind === "loaded")
			return sendWhole(node, exchange, wanted.model, { text: "", reason: outcome.reason, counts: usage(undefined) });
		if (outcome.kind !== "started") return exchange.drop();
		const { stream, includeUsage } = formOf(body);
		if (stream) return sendStream(node, exchange, outcome, { model: wanted.model, includeUsage });
		const said = await gather(outcome.events);
		if (said.error !== undefined) return sendLateError(exchange, 500, said.error);
		if (!said.done && exchange.signal.aborted) return exchange.drop();
		sendWhole(node, exchange, wanted.model, { text: said.content, reason: said.done?.reason ?? null, counts: usage(said.done?.metrics) });
	});
}

interface Whole {
	text: string;
	reason: string | null;
	counts: ReturnType<typeof usage>;
}

function sendWhole(node: SimulatedNode, exchange: Exchange, model: string, { text, reason, counts }: Whole): void {
	const head = { id: smallId(node, "cmpl"), object: "text_completion", created: seconds(node), model, system_fingerprint: "fp_ollama" };
	sendObject(exchange, { ...head, choices: [{ text, index: 0, finish_reason: reason }], usage: counts });
}

function choice(text: string, reason: string | null) {
	return [{ text, index: 0, finish_reason: reason }];
}

async function sendStream(
	node: SimulatedNode,
	exchange: Exchange,
	{ events }: Running,
	form: { model: string; includeUsage: boolean },
): Promise<void> {
	exchange.open(EVENT_STREAM);
	const id = smallId(node, "cmpl");
	// Every chunk carries a usage once it was asked for, all but the last an empty one.
	const none = form.includeUsage ? usage(undefined) : undefined;
	const chunk = (choices: unknown[], model = form.model, counts = none) =>
		frame({ id, object: "text_completion", created: seconds(node), choices, model, system_fingerprint: "fp_ollama", usage: counts });
	for await (const event of events) {
		if (event.kind === "error") await exchange.write(chunk(choice("", null), ""));
		if (event.kind === "piece" && event.piece.kind === "content") await exchange.write(chunk(choice(event.piece.text, null)));
		if (event.kind !== "done") continue;
		const last = form.includeUsage ? chunk([], form.model, usage(event.metrics)) : "";
		await exchange.write(`${chunk(choice("", event.reason))}${last}${DONE}`);
	}
	exchange.end();
}

export const openaiCompletionsRoutes: Route[] = [{ method: "POST", path: "/v1/completions", handle }];
