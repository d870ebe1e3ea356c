/** Real servers on free ports for the agent's tests: a router that only listens to beats, and an Ollama that a test scripts. */
import { once } from "node:events";
import http from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import { HeartbeatSchema } from "../../../worker/protocol/heartbeat.ts";
import type { Heartbeat } from "../../../worker/protocol/heartbeat.ts";

export interface TestServer {
	url: string;
	port: number;
	server: http.Server;
	close(): Promise<void>;
}

export async function listen(handle: (request: IncomingMessage, response: ServerResponse) => void, port = 0): Promise<TestServer> {
	const server = http.createServer(handle);
	server.listen(port, "127.0.0.1");
	await once(server, "listening");
	const address = server.address();
	if (address === null || typeof address === "string") throw new Error("No port");
	return {
		url: `http://127.0.0.1:${address.port}`,
		port: address.port,
		server,
		async close() {
			const closed = new Promise((resolve) => {
				server.close(resolve);
			});
			server.closeAllConnections();
			await closed;
		},
	};
}

export function answerJson(response: ServerResponse, status: number, body: unknown): void {
	response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

export async function textOf(request: IncomingMessage): Promise<string> {
	let text = "";
	for await (const chunk of request.setEncoding("utf8")) text += String(chunk);
	return text;
}

/** One post to the router, as it arrived. */
export interface Posted {
	headers: http.IncomingHttpHeaders;
	body: unknown;
}

export interface TestRouter extends TestServer {
	/** The next post that nobody has taken yet. */
	next(): Promise<Posted>;
	/** The next post, which must be a beat as the contract has it. */
	nextBeat(): Promise<Heartbeat & { headers: http.IncomingHttpHeaders }>;
}

/** `reply` decides each answer from the post and its number, counted from 1. */
export async function startRouter(
	reply: (posted: Posted, count: number) => { status?: number; body: unknown },
	port = 0,
): Promise<TestRouter> {
	const posts: Posted[] = [];
	const waiting: ((posted: Posted) => void)[] = [];
	let count = 0;
	const take = async (request: IncomingMessage, response: ServerResponse) => {
		const posted = { headers: request.headers, body: JSON.parse(await textOf(request)) as unknown };
		count += 1;
		const { status = 200, body } = reply(posted, count);
		answerJson(response, status, body);
		const taker = waiting.shift();
		if (taker === undefined) posts.push(posted);
		else taker(posted);
	};
	const server = await listen((request, response) => void take(request, response), port);
	const next = (): Promise<Posted> => {
		const posted = posts.shift();
		return posted === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(posted);
	};
	return {
		...server,
		next,
		async nextBeat() {
			const { headers, body } = await next();
			return { ...HeartbeatSchema.parse(body), headers };
		},
	};
}

/** An idle Ollama with one model, of the version which already tells capabilities in its list. */
export const ONE_MODEL = {
	name: "tiny:latest",
	model: "tiny:latest",
	modified_at: "2026-01-01T00:00:00Z",
	size: 1_000_000,
	digest: "a".repeat(64),
	details: { format: "gguf", family: "llama", families: ["llama"], parameter_size: "1M", quantization_level: "F16" },
	capabilities: ["completion"],
};

export function startOllama(answers: Record<string, unknown> = {}): Promise<TestServer> {
	const known: Record<string, unknown> = {
		"/api/ps": { models: [] },
		"/api/tags": { models: [ONE_MODEL] },
		"/api/version": { version: "0.33.0" },
		...answers,
	};
	return listen((request, response) => {
		const body = known[request.url ?? ""];
		answerJson(response, body === undefined ? 404 : 200, body ?? { error: "not found" });
	});
}
