/** One try at one node: its Ollama pulls, and tells how far it is. */
import { REQUEST_ID_HEADER } from "../../protocol/heartbeat.ts";
import { type PullLine, PullLineSchema } from "../../protocol/manage.ts";
import type { Target } from "../targets.ts";
import { jsonLines } from "./lines.ts";

/** So much of a node's words is told. */
const MAX_WORDS = 300;
/** Every node's Ollama would say the same. */
const SAME_EVERYWHERE = /file does not exist|invalid model name/;

/** `refused`: the node's own words. `lost`: the node itself, or the connection to it. */
export type TryEnd =
	| { readonly kind: "success" }
	| { readonly kind: "refused"; readonly message: string; readonly sameEverywhere: boolean }
	| { readonly kind: "lost"; readonly message: string };

export interface TryPorts {
	readonly send: typeof fetch;
	/** Ends the try, and with it Ollama's download. */
	readonly signal: AbortSignal;
	readonly onLine: (line: PullLine) => void;
}

/** Never throws. What a try leaves on the disk is resumed by the next one there. */
export async function pullAt(
	{ doorUrl, secret }: Target,
	{ id, pullAs }: { id: string; pullAs: string },
	{ send, signal, onLine }: TryPorts,
): Promise<TryEnd> {
	try {
		const headers = { authorization: `Bearer ${secret}`, "content-type": "application/json", [REQUEST_ID_HEADER]: id };
		const body = JSON.stringify({ model: pullAs, stream: true });
		const response = await send(`${doorUrl}/api/pull`, { method: "POST", headers, body, redirect: "manual", signal });
		if (!response.body) return { kind: "lost", message: "it answered nothing" };
		const end = await follow(response.body, { signal, onLine });
		return response.headers.has("x-fleet-door-error") ? { kind: "lost", message: "its agent can't reach its Ollama" } : end;
	} catch {
		return { kind: "lost", message: "the connection to it broke" };
	}
}

async function follow(body: ReadableStream<Uint8Array>, { signal, onLine }: Omit<TryPorts, "send">): Promise<TryEnd> {
	for await (const json of jsonLines(body, signal)) {
		const line = PullLineSchema.safeParse(json);
		if (!line.success) continue;
		const { error, status } = line.data;
		if (error !== undefined) return { kind: "refused", message: error.slice(0, MAX_WORDS), sameEverywhere: SAME_EVERYWHERE.test(error) };
		if (status === "success") return { kind: "success" };
		onLine(line.data);
	}
	return { kind: "lost", message: "it ended the pull without a word" };
}
