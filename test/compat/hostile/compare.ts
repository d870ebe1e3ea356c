/** One hostile request, sent to an Ollama and to the router in front of its twin. */
import { Agent } from "node:http";
import { isDeepStrictEqual } from "node:util";
import type { Pair } from "../pair.ts";
import type { HostileRequest } from "./generator.ts";
import { type Answer, errorText, send, told } from "./send.ts";

export interface Compared {
	readonly request: HostileRequest;
	/** Undefined when the simulated Ollama failed over the request and cut the connection. */
	readonly direct: Answer | undefined;
	readonly routed: Answer;
}

/** Connections are kept, and closed by whoever made them. */
export function connections(): Agent {
	return new Agent({ keepAlive: true, maxSockets: 1 });
}

export async function compare(pair: Pair, request: HostileRequest, agent: Agent): Promise<Compared> {
	const direct = await send(pair.direct.url, request, agent).catch(() => undefined);
	const routed = await send(pair.routed.url, request, agent).catch((cause: unknown) => {
		throw new Error(`No answer to ${describeRequest(request)}`, { cause });
	});
	return { request, direct, routed };
}

/** Equal in all that a client can tell; for a model that is not there the router's sentence may go on. */
export function isSame({ direct, routed }: Compared): boolean {
	if (!direct) return routed.status === 502 && /its Ollama closed the connection/.test(errorText(routed) ?? "");
	if (isDeepStrictEqual(told(direct), told(routed))) return true;
	if (direct.status !== 404 || routed.status !== 404) return false;
	const [node, router] = [errorText(direct), errorText(routed)];
	return (
		node !== undefined &&
		router !== undefined &&
		router.startsWith(node) &&
		direct.headers["content-type"] === routed.headers["content-type"]
	);
}

const SHOWN_CHARACTERS = 300;

/** For a person who looks into a difference. */
export function describeCompared({ request, direct, routed }: Compared): string {
	const shown = (answer: Answer | undefined) =>
		answer ? `${answer.status} ${answer.headers["content-type"]} ${answer.body.slice(0, SHOWN_CHARACTERS)}` : "no answer";
	return `${describeRequest(request)}\n  node:   ${shown(direct)}\n  router: ${shown(routed)}`;
}

function describeRequest({ path, headers, body }: HostileRequest): string {
	const bytes = JSON.stringify(body.toString("latin1").slice(0, SHOWN_CHARACTERS));
	return `POST ${path} ${JSON.stringify(headers)} ${bytes} (${body.byteLength} bytes)`;
}
