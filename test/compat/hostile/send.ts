/** Sends a body of any bytes under any content type, and reads the answer whole. */
import { type Agent, request } from "node:http";
import { comparable } from "../comparable.ts";
import type { HostileRequest } from "./generator.ts";

export interface Answer {
	readonly status: number;
	readonly headers: Readonly<Record<string, string | string[] | undefined>>;
	readonly body: string;
}

export function send(baseUrl: string, { path, headers, body }: HostileRequest, agent: Agent): Promise<Answer> {
	return new Promise((resolve, reject) => {
		const outgoing = request(
			`${baseUrl}${path}`,
			{ method: "POST", headers: { ...headers, "content-length": body.byteLength }, agent },
			(incoming) => {
				const chunks: Buffer[] = [];
				incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
				incoming.on("error", reject);
				incoming.on("end", () => {
					resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: Buffer.concat(chunks).toString() });
				});
			},
		);
		outgoing.on("error", reject);
		outgoing.end(body);
	});
}

/** The second in which Ollama asked its cloud in vain, in the address it names. */
const CLOUD_TIME = /\?ts=\d+/g;

/** What a client can tell two answers apart by. Framing and the time it took are left out. */
export interface Told {
	readonly status: number;
	readonly contentType: unknown;
	/** Lines or events, without what no two answers share. */
	readonly parts: readonly unknown[];
}

export function told({ status, headers, body }: Answer): Told {
	const lines = body
		.replaceAll(CLOUD_TIME, "?ts=now")
		.split("\n")
		.filter((line) => line !== "");
	return { status, contentType: headers["content-type"], parts: lines.map((line) => parsed(line.replace(/^data: /, ""))) };
}

function parsed(line: string): unknown {
	try {
		return comparable(JSON.parse(line));
	} catch {
		return line;
	}
}

/** The error's text in any dialect's envelope; undefined for what is no error. */
export function errorText({ status, body }: Pick<Answer, "status" | "body">): string | undefined {
	if (status < 400) return undefined;
	try {
		const { error } = JSON.parse(body) as { error?: string | { message?: string } };
		return typeof error === "object" ? error.message : error;
	} catch {
		return body;
	}
}
