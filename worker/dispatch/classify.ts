/** What went wrong with an attempt before its first byte. Every failure here may be tried on another node. */

export type FailureKind = "connect" | "timeout" | "reset" | "server-error" | "draining" | "client-gone";

export interface Failure {
	readonly kind: FailureKind;
	/** For the trace and, when no other node helps, the client. */
	readonly message: string;
	/** The node's own answer, relayed when no other node helps. */
	readonly relay?: { readonly status: number; readonly contentType: string; readonly body: string };
}

/** An error text longer than this is not an error text. */
const MAX_RELAYED_CHARACTERS = 65_536;

/** Undefined for an answer that is the client's: all below 500, Ollama's refusals included. */
export async function classifyResponse(response: Response): Promise<Failure | undefined> {
	if (response.status < 500) return undefined;
	const body = (await response.text()).slice(0, MAX_RELAYED_CHARACTERS);
	const door = response.headers.get("x-fleet-door-error");
	if (door === "connect") return { kind: "connect", message: "its Ollama can't be reached" };
	if (door === "reset") return { kind: "reset", message: "its Ollama closed the connection before answering" };
	if (door === "draining") return { kind: "draining", message: "its agent is stopping" };
	const relay = { status: response.status, contentType: response.headers.get("content-type") ?? "application/json", body };
	return { kind: "server-error", message: `its Ollama answered ${response.status}: ${body.slice(0, 200)}`, relay };
}

export function classifyThrown(error: unknown, { timedOut, aborted }: { timedOut: boolean; aborted: boolean }): Failure {
	if (timedOut) return { kind: "timeout", message: "it gave no first byte in time" };
	if (aborted) return { kind: "client-gone", message: "the client left" };
	const text = error instanceof Error ? error.message : String(error);
	// workerd's own words for a connection that was there and broke; all else never got that far
	if (/reset|disconnected|lost|closed|EOF/i.test(text) && !/refused|connect\(/i.test(text))
		return { kind: "reset", message: "the connection broke before the answer" };
	return { kind: "connect", message: "it can't be reached" };
}
