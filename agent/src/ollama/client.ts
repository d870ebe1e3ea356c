/** Asks Ollama itself. Every question has its limit, because Ollama may hold an answer back for seconds while it loads. */
const LIMIT_MS = 2_000;

export type OllamaAnswer =
	| { kind: "answered"; body: unknown }
	/** It listens, but gave no usable answer in time. */
	| { kind: "busy"; reason: string }
	/** Nothing listens there. */
	| { kind: "closed"; reason: string };

/** The socket stood and broke: it was there a moment ago. */
const BROKEN = ["ECONNRESET", "EPIPE", "UND_ERR_SOCKET"];

export async function askOllama(ollamaUrl: string, path: string, body?: unknown): Promise<OllamaAnswer> {
	const post = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
	try {
		const response = await fetch(new URL(path, ollamaUrl), { ...post, signal: AbortSignal.timeout(LIMIT_MS) });
		if (response.ok) return { kind: "answered", body: await response.json() };
		await response.body?.cancel();
		return { kind: "busy", reason: `${path} answered ${response.status}` };
	} catch (error) {
		return failureOf(path, error);
	}
}

function failureOf(path: string, error: unknown): OllamaAnswer {
	if (error instanceof SyntaxError) return { kind: "busy", reason: `${path} answered no JSON` };
	const cause: unknown = error instanceof Error ? error.cause : undefined;
	const code = typeof cause === "object" && cause !== null && "code" in cause ? String(cause.code) : undefined;
	if (code === undefined || BROKEN.includes(code)) return { kind: "busy", reason: `${path} did not answer within ${LIMIT_MS / 1000} s` };
	return { kind: "closed", reason: code };
}
