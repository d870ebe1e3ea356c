/** What a route is, and how bodies and native errors look everywhere. */
import type { SimulatedNode } from "../node.ts";
import type { Exchange } from "../wire/exchange.ts";
import { decodeGoJson, GoSyntaxError } from "../wire/go-decode.ts";
import { goJson } from "../wire/go-json.ts";
import { fillStruct, type GoStruct } from "../wire/go-struct.ts";
import type { Body } from "./fields.ts";

export type Handler = (node: SimulatedNode, exchange: Exchange, parameter: string) => Promise<void> | void;

export interface Route {
	method: string;
	/** Ends in `/:` when the last part is a parameter. */
	path: string;
	handle: Handler;
}

export const JSON_UTF8 = "application/json; charset=utf-8";
export const JSON_PLAIN = "application/json";
export const NDJSON = "application/x-ndjson";

export function sendJson(exchange: Exchange, status: number, body: unknown): void {
	exchange.send({ status, type: JSON_UTF8, body: goJson(body) });
}

export function sendError(exchange: Exchange, status: number, error: string): void {
	sendJson(exchange, status, { error });
}

/** Reads the body into a struct; `undefined` when it was refused, the refusal being sent. */
export async function readBody(exchange: Exchange, struct: GoStruct): Promise<Body | undefined> {
	const bytes = await exchange.body();
	try {
		return fillStruct(decodeGoJson(bytes.toString()), struct);
	} catch (error) {
		if (!(error instanceof GoSyntaxError)) throw error;
		sendError(exchange, 400, error.empty ? "missing request body" : error.message);
		return undefined;
	}
}

/** Runs what may find a value undecodable after the struct was filled. */
export async function decoding(exchange: Exchange, work: () => Promise<void>): Promise<void> {
	try {
		await work();
	} catch (error) {
		if (!(error instanceof GoSyntaxError)) throw error;
		sendError(exchange, 400, error.message);
	}
}
