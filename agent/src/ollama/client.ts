import { exchange } from "../exchange.ts";

/** Asks Ollama itself. Every question has its limit, because Ollama may hold an answer back for seconds while it loads. */
const LIMIT_MS = 2_000;

export type OllamaAnswer =
	| { kind: "answered"; body: unknown }
	/** It listens, but gave no usable answer in time. */
	| { kind: "busy"; reason: string }
	/** It answers, and does not know the path: an Ollama from before it had that, or another program. */
	| { kind: "unknown-path"; reason: string }
	/** Nothing listens there. */
	| { kind: "closed"; reason: string };

/** Ollama answers models it lacks with 404 too, but nobody asks for one by these paths. */
const NOT_FOUND = [404, 405];
/** Nobody listens, or the name or the way leads nowhere. */
const CLOSED = ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH", "EADDRNOTAVAIL"];
/** The socket stood and broke. */
const BROKEN = ["ECONNRESET", "EPIPE"];

export async function askOllama(ollamaUrl: string, path: string, body?: unknown): Promise<OllamaAnswer> {
	const first = await ask(ollamaUrl, path, body);
	// Connections are kept open between beats: one that an ended Ollama left behind says nothing, a new one decides.
	return first.kind === "broken" ? finalAnswer(await ask(ollamaUrl, path, body)) : first;
}

type Attempt = OllamaAnswer | { kind: "broken"; reason: string };

function finalAnswer(attempt: Attempt): OllamaAnswer {
	return attempt.kind === "broken" ? { kind: "busy", reason: attempt.reason } : attempt;
}

async function ask(ollamaUrl: string, path: string, body: unknown): Promise<Attempt> {
	const post = body === undefined ? {} : { method: "POST" as const, body: JSON.stringify(body) };
	try {
		const { status, text } = await exchange(new URL(path, ollamaUrl), { ...post, signal: AbortSignal.timeout(LIMIT_MS) });
		if (status === 200) return { kind: "answered", body: JSON.parse(text) };
		return { kind: NOT_FOUND.includes(status) ? "unknown-path" : "busy", reason: `${path} answered ${status}` };
	} catch (error) {
		return failureOf(path, error);
	}
}

function failureOf(path: string, error: unknown): Attempt {
	const code = error instanceof Error && "code" in error ? String(error.code) : "";
	if (CLOSED.includes(code)) return { kind: "closed", reason: code };
	if (BROKEN.includes(code)) return { kind: "broken", reason: code };
	return { kind: "busy", reason: `${path}: ${code || String(error)}` };
}
