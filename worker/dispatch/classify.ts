/** What went wrong with an attempt before its first byte. Every failure here may be tried on another node. */

/**
 * `node-silent`: no beat came for too long. `door-lost`: the router's connection to the door; workerd words a refused and a broken one alike. `connect` and `reset`: the
 * door's own connection to its Ollama.
 */
export type FailureKind = "node-silent" | "door-lost" | "connect" | "reset" | "timeout" | "server-error" | "draining" | "client-gone";

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
	if (door === "draining") return { kind: "draining", message: "its agent takes nothing new" };
	const relay = { status: response.status, contentType: response.headers.get("content-type") ?? "application/json", body };
	return { kind: "server-error", message: `its Ollama answered ${response.status}: ${body.slice(0, 200)}`, relay };
}

/** Whatever `fetch` throws that was not our doing is the connection's. */
export function classifyThrown({ ended, aborted }: { ended: "timeout" | "node-silent" | undefined; aborted: boolean }): Failure {
	if (ended === "node-silent") return { kind: "node-silent", message: "it went silent before the answer" };
	if (ended === "timeout") return { kind: "timeout", message: "it gave no first byte in time" };
	if (aborted) return { kind: "client-gone", message: "the client left" };
	return { kind: "door-lost", message: "the connection to it was refused or broke before the answer" };
}
