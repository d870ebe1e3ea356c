/** What went wrong with an attempt before its first byte. Every failure here may be tried on another node. */
import type { FailureKind } from "../protocol/failure.ts";

export interface Failure {
	readonly kind: FailureKind;
	/** For the trace and, when no other node helps, the client. */
	readonly message: string;
	/** What the node itself asked for. */
	readonly retryAfterMs?: number;
	/** The node's own answer, relayed when no other node helps. */
	readonly relay?: { readonly status: number; readonly contentType: string; readonly body: string };
}

/** An error text longer than this is not an error text. */
const MAX_RELAYED_CHARACTERS = 65_536;

/** What the door says of itself. */
const DOOR_ERRORS: Record<string, Failure> = {
	connect: { kind: "connect", message: "its Ollama can't be reached" },
	reset: { kind: "reset", message: "its Ollama closed the connection before answering" },
	draining: { kind: "draining", message: "its agent takes nothing new" },
	secret: { kind: "door-refused", message: "its door does not know this router" },
};
/** Ollama's words when too many wait for models that are not loaded (golden/BEHAVIOUR.md c). */
const QUEUE_FULL = /maximum pending requests exceeded/;

/** Undefined for an answer that is the client's: all below 500, Ollama's refusals included. */
export async function classifyResponse(response: Response): Promise<Failure | undefined> {
	const door = DOOR_ERRORS[response.headers.get("x-fleet-door-error") ?? ""];
	if (!door && response.status < 500) return isPage(response) ? garbage(response) : undefined;
	const body = (await response.text()).slice(0, MAX_RELAYED_CHARACTERS);
	if (door) return door;
	const relay = { status: response.status, contentType: response.headers.get("content-type") ?? "application/json", body };
	const message = `its Ollama answered ${response.status}: ${body.slice(0, 200)}`;
	const kind = response.status === 503 && QUEUE_FULL.test(body) ? "busy" : "server-error";
	const retryAfterMs = retryAfterOf(response.headers);
	return { kind, message, relay, ...(retryAfterMs !== undefined && { retryAfterMs }) };
}

function garbage(response: Response): Failure {
	void response.body?.cancel().catch(() => undefined);
	return { kind: "garbage", message: "what answers there is no Ollama" };
}

/** Ollama answers its API with JSON, lines or events, never with a page; a proxy or another program in its place does. */
function isPage({ headers }: Response): boolean {
	return headers.get("content-type")?.startsWith("text/html") ?? false;
}

/** Its form with a date is not used by anything that answers in Ollama's place. */
function retryAfterOf(headers: Headers): number | undefined {
	const seconds = Number(headers.get("retry-after") ?? Number.NaN);
	return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined;
}

/** Whatever `fetch` throws that was not our doing is the connection's. */
export function classifyThrown({ ended, aborted }: { ended: "timeout" | "node-silent" | undefined; aborted: boolean }): Failure {
	if (ended === "node-silent") return { kind: "node-silent", message: "it went silent before the answer" };
	if (ended === "timeout") return { kind: "timeout", message: "it gave no first byte in time" };
	if (aborted) return { kind: "client-gone", message: "the client left" };
	return { kind: "door-lost", message: "the connection to it was refused or broke before the answer" };
}
