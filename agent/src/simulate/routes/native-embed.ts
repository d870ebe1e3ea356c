/** `/api/embed` and its older form `/api/embeddings`. */
import { findModel, refuse } from "../inference/checks.ts";
import { unreachable } from "../inference/cloud.ts";
import { embed, shortFloat } from "../inference/embedding.ts";
import { load } from "../inference/inference.ts";
import type { Installed } from "../machine/store.ts";
import type { SimulatedNode } from "../node.ts";
import type { Exchange } from "../wire/exchange.ts";
import { goNanoseconds } from "../wire/go-json.ts";
import { count, flag, keepAlive, record, text, type Body } from "./fields.ts";
import { EMBED_REQUEST, EMBEDDINGS_REQUEST } from "./native-schemas.ts";
import { decoding, readBody, sendError, sendJson, type Route } from "./route.ts";

async function handleEmbed(node: SimulatedNode, exchange: Exchange): Promise<void> {
	const body = await readBody(exchange, EMBED_REQUEST);
	if (!body) return;
	await decoding(exchange, async () => {
		const inputs = inputsOf(body["input"]);
		if (!inputs) return sendError(exchange, 400, "invalid input type");
		const model = lookUp(node, text(body, "model"), refuse(404, "model '' not found"));
		if ("kind" in model) return sendError(exchange, model.status, model.text);
		if (inputs.length === 0) return loadOnly(node, exchange, { body, model, answer: { model: text(body, "model"), embeddings: [] } });
		const result = await embed(node, {
			...common(body, exchange),
			model,
			inputs,
			truncate: flag(body, "truncate") ?? true,
			dimensions: count(body, "dimensions") || undefined,
		});
		if (result.kind === "abandoned") return exchange.drop();
		if (result.kind === "refused") return sendError(exchange, result.status, result.text);
		sendJson(exchange, 200, {
			model: text(body, "model"),
			embeddings: result.vectors.map((vector) => vector.map(shortFloat)),
			total_duration: goNanoseconds(result.totalMs),
			load_duration: goNanoseconds(result.loadMs),
			prompt_eval_count: result.tokens,
		});
	});
}

async function handleEmbeddings(node: SimulatedNode, exchange: Exchange): Promise<void> {
	const body = await readBody(exchange, EMBEDDINGS_REQUEST);
	if (!body) return;
	await decoding(exchange, async () => {
		const model = lookUp(node, text(body, "model"), refuse(400, "model is required"));
		if ("kind" in model) return sendError(exchange, model.status, model.text);
		const prompt = text(body, "prompt");
		if (prompt === "") return loadOnly(node, exchange, { body, model, answer: { embedding: [] } });
		const result = await embed(node, { ...common(body, exchange), model, inputs: [prompt], truncate: true, dimensions: undefined });
		if (result.kind === "abandoned") return exchange.drop();
		// The older route knows no status but 500 for what the runner refuses.
		if (result.kind === "refused") return sendError(exchange, result.status === 503 ? 503 : 500, result.text);
		sendJson(exchange, 200, { embedding: result.vectors[0] ?? [] });
	});
}

function common(body: Body, { startedAt, signal }: Exchange) {
	return { options: record(body, "options"), keepAliveMs: keepAlive(body), startedAt, signal };
}

async function loadOnly(
	node: SimulatedNode,
	exchange: Exchange,
	{ body, model, answer }: { body: Body; model: Installed; answer: unknown },
): Promise<void> {
	const loaded = await load(node, { ...common(body, exchange), model, shift: undefined });
	if (loaded.kind === "refused") return sendError(exchange, loaded.status, loaded.text);
	if (loaded.kind !== "loaded") return exchange.drop();
	sendJson(exchange, 200, answer);
}

function lookUp(node: SimulatedNode, name: string, empty: ReturnType<typeof refuse>) {
	const missing = `model ${JSON.stringify(name)} not found, try pulling it first`;
	return findModel(node.store, name, { empty, missing, cloud: unreachable("/api/embed", node.clock.now()) });
}

/** `undefined` for what is neither a text nor a list of texts; an empty text asks for a load. */
export function inputsOf(input: unknown): string[] | undefined {
	if (input === undefined || input === "") return [];
	if (typeof input === "string") return [input];
	return Array.isArray(input) && input.every((entry) => typeof entry === "string") ? input : undefined;
}

export const nativeEmbedRoutes: Route[] = [
	{ method: "POST", path: "/api/embed", handle: handleEmbed },
	{ method: "POST", path: "/api/embeddings", handle: handleEmbeddings },
];
