/** `/v1/embeddings`. */
import { findModel, refuse } from "../inference/checks.ts";
import { unreachable } from "../inference/cloud.ts";
import { embed, shortFloat } from "../inference/embedding.ts";
import type { SimulatedNode } from "../node.ts";
import type { Exchange } from "../wire/exchange.ts";
import type { GoStruct } from "../wire/go-struct.ts";
import { count, text, type Body } from "./fields.ts";
import { readOpenaiBody, sendEarlyError, sendLateError, sendObject } from "./openai-wire.ts";
import type { Route } from "./route.ts";

const EMBED_REQUEST: GoStruct = {
	package: "openai",
	name: "EmbedRequest",
	fields: { input: "any", model: "string", dimensions: "int", encoding_format: "string" },
};

async function handle(node: SimulatedNode, exchange: Exchange): Promise<void> {
	await readOpenaiBody(exchange, EMBED_REQUEST, async (body) => {
		const format = text(body, "encoding_format") || "float";
		if (format !== "float" && format !== "base64") {
			return sendEarlyError(exchange, 400, `Invalid value for 'encoding_format' = ${format}. Supported values: ['float', 'base64'].`);
		}
		const inputs = inputsOf(body);
		if (!inputs) return sendEarlyError(exchange, 400, "invalid input");
		await respond(node, exchange, { body, inputs, format });
	});
}

function inputsOf(body: Body): string[] | undefined {
	const input = body["input"];
	if (typeof input === "string") return [input];
	return Array.isArray(input) && input.length > 0 && input.every((entry) => typeof entry === "string") ? input : undefined;
}

async function respond(
	node: SimulatedNode,
	exchange: Exchange,
	{ body, inputs, format }: { body: Body; inputs: string[]; format: string },
): Promise<void> {
	const name = text(body, "model");
	const missing = `model ${JSON.stringify(name)} not found, try pulling it first`;
	const cloud = unreachable("/api/embed", node.clock.now());
	const model = findModel(node.store, name, { empty: refuse(404, "model '' not found"), missing, cloud });
	if ("kind" in model) return sendLateError(exchange, model.status, model.text);
	const { startedAt, signal } = exchange;
	const dimensions = count(body, "dimensions") || undefined;
	const result = await embed(node, { model, inputs, dimensions, options: {}, keepAliveMs: undefined, truncate: true, startedAt, signal });
	if (result.kind === "abandoned") return exchange.drop();
	if (result.kind === "refused") return sendLateError(exchange, result.status, result.text);
	const data = result.vectors.map((vector, index) => ({
		object: "embedding",
		embedding: format === "base64" ? base64(vector) : vector.map(shortFloat),
		index,
	}));
	sendObject(exchange, { object: "list", data, model: name, usage: { prompt_tokens: result.tokens, total_tokens: result.tokens } });
}

function base64(vector: readonly number[]): string {
	return Buffer.from(new Float32Array(vector).buffer).toString("base64");
}

export const openaiEmbeddingsRoutes: Route[] = [{ method: "POST", path: "/v1/embeddings", handle }];
