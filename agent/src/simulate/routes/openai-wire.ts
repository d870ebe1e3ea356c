/** What the OpenAI routes share: their error envelope, their bodies, their ids. */
import { zstdDecompressSync } from "node:zlib";
import type { Metrics } from "../inference/inference.ts";
import type { SimulatedNode } from "../node.ts";
import type { Exchange } from "../wire/exchange.ts";
import { decodeGoJson, GoSyntaxError } from "../wire/go-decode.ts";
import { goJson } from "../wire/go-json.ts";
import { fillStruct, type GoStruct } from "../wire/go-struct.ts";
import type { Body } from "./fields.ts";
import { JSON_PLAIN, JSON_UTF8, sendError } from "./route.ts";

const TYPES: Readonly<Record<number, string>> = { 400: "invalid_request_error", 404: "not_found_error" };
export const EVENT_STREAM = "text/event-stream";

function openaiError(status: number, message: string) {
	return { error: { message, type: TYPES[status] ?? "api_error", param: null, code: null } };
}

/** Found by the layer in front of the handler: another content type, no line end. */
export function sendEarlyError(exchange: Exchange, status: number, message: string): void {
	exchange.send({ status, type: JSON_UTF8, body: goJson(openaiError(status, message)) });
}

/** Found by the handler. */
export function sendLateError(exchange: Exchange, status: number, message: string): void {
	exchange.send({ status, type: JSON_PLAIN, body: `${goJson(openaiError(status, message))}\n` });
}

export function sendObject(exchange: Exchange, body: unknown): void {
	exchange.send({ status: 200, type: JSON_PLAIN, body: `${goJson(body)}\n` });
}

const ZSTD_MAGIC = [0x28, 0xb5, 0x2f, 0xfd];

/** `undefined` when it is no zstd, the refusal being sent, in the native form as the real layer does. */
export async function inflatedBody(exchange: Exchange): Promise<Buffer | undefined> {
	const bytes = await exchange.body();
	if (exchange.header("content-encoding") !== "zstd") return bytes;
	if (ZSTD_MAGIC.every((byte, index) => bytes[index] === byte)) return zstdDecompressSync(bytes);
	sendError(exchange, 400, "invalid input: magic number mismatch");
	return undefined;
}

export async function readOpenaiBody(exchange: Exchange, struct: GoStruct, work: (body: Body) => Promise<void>): Promise<void> {
	const bytes = await inflatedBody(exchange);
	if (!bytes) return;
	try {
		await work(fillStruct(decodeGoJson(bytes.toString()), struct));
	} catch (error) {
		if (!(error instanceof GoSyntaxError)) throw error;
		sendEarlyError(exchange, 400, error.message);
	}
}

export function smallId(node: SimulatedNode, prefix: string): string {
	return `${prefix}-${Math.floor(node.random() * 999)}`;
}

export function seconds(node: SimulatedNode): number {
	return Math.floor(node.clock.now() / 1000);
}

export function usage(metrics: Metrics | undefined) {
	const [prompt, completion] = [metrics?.promptTokens ?? 0, metrics?.evalTokens ?? 0];
	return { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion };
}

/** A frame of a stream. */
export function frame(value: unknown): string {
	return `data: ${goJson(value)}\n\n`;
}

export const DONE = "data: [DONE]\n\n";
