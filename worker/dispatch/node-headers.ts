/** The headers that go to a node's door. */
import type { Target } from "../fleet/targets.ts";
import { LOADS_HEADER, REQUEST_ID_HEADER } from "../protocol/heartbeat.ts";
import { traceIdOf } from "./traceparent.ts";

/** Ours, the connection's or the client's secrets: none of it is the node's business. */
const NOT_FORWARDED =
	/^(host|connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|content-length|accept-encoding|authorization|cookie|origin|referer|x-api-key|x-fleet-.*|x-herd-.*|x-forwarded-.*|x-real-ip|cf-.*|cdn-loop)$/;

/** Ollama takes no other names, and a header no other characters. */
const PLAIN = /^[\x21-\x7e]+$/;

interface ForNode {
	readonly id: string;
	readonly headers: Headers;
	readonly loads?: string | undefined;
}

/** The client's own but for those, the node's secret, the id that its door reports as in flight, and the model it must load first. */
export function headersForNode({ secret }: Pick<Target, "secret">, { id, headers, loads }: ForNode): Headers {
	const kept = new Headers();
	for (const [name, value] of headers) if (!NOT_FORWARDED.test(name)) kept.append(name, value);
	dropBrokenTrace(kept);
	kept.set("authorization", `Bearer ${secret}`);
	kept.set(REQUEST_ID_HEADER, id);
	if (PLAIN.test(loads ?? "")) kept.set(LOADS_HEADER, loads ?? "");
	return kept;
}

/** Whoever reads it at the node would begin a trace of its own, as the standard asks. */
function dropBrokenTrace(kept: Headers): void {
	const traceparent = kept.get("traceparent");
	if (traceparent === null || traceIdOf(traceparent) !== undefined) return;
	kept.delete("traceparent");
	kept.delete("tracestate");
}
