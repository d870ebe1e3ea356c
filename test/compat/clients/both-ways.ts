/** One scenario, once against an Ollama and once through the router: the same client code, the same outcome. */
import Anthropic from "@anthropic-ai/sdk";
import { Ollama } from "ollama";
import OpenAI from "openai";
import type { ExpectStatic } from "vitest";
import { comparable } from "../comparable.ts";
import type { Pair, Side } from "../pair.ts";

export interface Clients {
	readonly ollama: Ollama;
	readonly openai: OpenAI;
	readonly anthropic: Anthropic;
	readonly side: Side;
}

/** Only the address is given. A repeated request would hide a refusal. */
export function clientsOf(side: Side): Clients {
	return {
		side,
		ollama: new Ollama({ host: side.url }),
		openai: new OpenAI({ baseURL: `${side.url}/v1`, apiKey: "unused", maxRetries: 0 }),
		anthropic: new Anthropic({ baseURL: side.url, apiKey: "unused", maxRetries: 0 }),
	};
}

type Scenario<T> = (clients: Clients) => Promise<T>;

/** Plays the scenario both ways, demands equal outcomes, and gives the routed one for a closer look. */
export async function sameBothWays<T>(expect: ExpectStatic, pair: Pair, scenario: Scenario<T>): Promise<T> {
	const direct = await scenario(clientsOf(pair.direct));
	const routed = await scenario(clientsOf(pair.routed));
	expect(comparable(routed)).toEqual(comparable(direct));
	return routed;
}

/** What a program can tell about a failed call. */
export interface Failure {
	readonly error: string;
	readonly status: unknown;
	readonly type: unknown;
	readonly code: unknown;
	readonly message: string;
}

/** Both ways must fail, and alike. */
export async function failsBothWays(expect: ExpectStatic, pair: Pair, scenario: Scenario<unknown>): Promise<Failure> {
	const direct = await failureOf(scenario(clientsOf(pair.direct)));
	const routed = await failureOf(scenario(clientsOf(pair.routed)));
	expect(routed).toEqual(direct);
	return routed;
}

/** As `failsBothWays`, but the router's text may go on behind the node's. */
export async function failsBothWaysWithMore(expect: ExpectStatic, pair: Pair, scenario: Scenario<unknown>): Promise<Failure> {
	const direct = await failureOf(scenario(clientsOf(pair.direct)));
	const routed = await failureOf(scenario(clientsOf(pair.routed)));
	expect({ ...routed, message: "" }).toEqual({ ...direct, message: "" });
	expect(routed.message.startsWith(unquoted(direct.message)), `"${routed.message}" begins with "${direct.message}"`).toBe(true);
	return routed;
}

async function failureOf(call: Promise<unknown>): Promise<Failure> {
	const error: unknown = await call.then(
		(value) => {
			throw new TypeError(`Nothing failed: ${JSON.stringify(value)}`);
		},
		(reason: unknown) => reason,
	);
	if (!(error instanceof Error) || error instanceof TypeError) throw error;
	return {
		error: error.constructor.name,
		status: field(error, "status") ?? field(error, "status_code"),
		type: field(error, "type"),
		code: field(error, "code"),
		message: error.message.replace(REQUEST_ID, '"request_id":"<id>"'),
	};
}

/** Anthropic's client puts the whole body into its message. */
const REQUEST_ID = /"request_id":"[^"]*"/;

/** Of a body inside a message only the part before the end of its last sentence can be a beginning. */
function unquoted(message: string): string {
	return message.replace(/"\},"request_id":"<id>"\}$/, "");
}

function field(error: Error, name: string): unknown {
	return Reflect.get(error, name);
}

/** Everything a stream gives, in order. */
export async function collected<T>(stream: AsyncIterable<T> | PromiseLike<AsyncIterable<T>>): Promise<T[]> {
	const parts: T[] = [];
	for await (const part of await stream) parts.push(part);
	return parts;
}
