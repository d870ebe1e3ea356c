/** W3C trace context: the client's trace goes on at the node, and its id into the log. Pure. */

/** A version, the trace's id, the caller's span, flags; later versions may say more. */
const TRACEPARENT = /^(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-.*)?$/;

/** Undefined for a header that is absent, or none as the standard has it. */
export function traceIdOf(traceparent: string | null): string | undefined {
	const [, version, traceId, more] = TRACEPARENT.exec(traceparent ?? "") ?? [];
	return version === "00" && more !== undefined ? undefined : traceId;
}
