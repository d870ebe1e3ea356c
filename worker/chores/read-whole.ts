/** Reads a node's answer to its end: one that stalls in the middle is given up, and ends when the client leaves. */
import type { Failure } from "../dispatch/classify.ts";
import type { Answered, Failed } from "./call-node.ts";
import { type Limits, startLimit } from "./limit.ts";

export interface Whole {
	readonly kind: "whole";
	readonly nodeId: string;
	readonly contentType: string;
	readonly body: Uint8Array<ArrayBuffer>;
}

/** The limits hold from now on. Never throws. */
export async function readWhole({ nodeId, response, abort }: Answered, limits: Limits): Promise<Whole | Failed> {
	const limit = startLimit(abort, limits);
	try {
		const contentType = response.headers.get("content-type") ?? "application/json";
		return { kind: "whole", nodeId, contentType, body: new Uint8Array(await untilAborted(response.arrayBuffer(), abort.signal)) };
	} catch {
		return { kind: "failed", nodeId, failure: failureOf(limit.passed, limits.signal.aborted) };
	} finally {
		limit.release();
	}
}

/** The body of an aborted call breaks by itself, unless the call had ended already: a transport may then leave it open. */
function untilAborted<T>(reading: Promise<T>, signal: AbortSignal): Promise<T> {
	const aborted = new Promise<never>((_, reject) => {
		const broken = () => reject(new Error("The call was ended"));
		if (signal.aborted) broken();
		signal.addEventListener("abort", broken, { once: true });
	});
	return Promise.race([reading, aborted]);
}

function failureOf(timedOut: boolean, clientLeft: boolean): Failure {
	if (timedOut) return { kind: "timeout", message: "its answer did not come to an end in time" };
	if (clientLeft) return { kind: "client-gone", message: "the client left" };
	return { kind: "reset", message: "its answer broke off" };
}
