/** `POST /api/pull`: one node, chosen by fit, or the one that is named. A second pull of a model joins the first at its node. */
import type { PullPlace } from "../fleet/pulls.ts";
import { callNode, type Failed } from "./call-node.ts";
import type { ChoreDone, ChorePorts, Errand } from "./errand.ts";
import { relayProgress } from "./progress.ts";
import { modelOf, type ReadErrand, readErrand } from "./read-errand.ts";
import { PULL_REASON_TEXT } from "./pull-reason-text.ts";
import { failed } from "./relay.ts";
import { ProgressTeller } from "./tell-progress.ts";
import { absentNode, inOwnWords, noNode, reasonsTextBy } from "./unknown-model.ts";

/** Other nodes tried when one fails before its first line. */
const MAX_RETRIES = 2;

export async function pull(errand: Errand, ports: ChorePorts): Promise<ChoreDone> {
	const read = await readErrand(errand, ports);
	const model = modelOf(read.fields);
	if (read.complaint !== undefined || model === "")
		return inOwnWords({ errand, call: read.call, own: { status: 400, message: read.complaint ?? "invalid model name" } }, ports);
	const done = await pullSomewhere(errand, read, ports);
	return { ...done, settled: done.settled.finally(() => ports.fleet().models().pullEnded(errand.id)) };
}

async function pullSomewhere(errand: Errand, { call, fields }: ReadErrand, ports: ChorePorts): Promise<ChoreDone> {
	// The registry may be named with its scheme here, and only here
	const model = modelOf(fields).replace(/^https?:\/\//, "");
	const excluded: string[] = [];
	let failure: Failed | undefined;
	for (;;) {
		const place = await ports.fleet().models().placePull({ id: errand.id, model, nodeId: fields.node_id, excluded, ofClient: true });
		if (place.kind !== "place")
			return failure ? failed(failure, `pull model '${model}'`, errand) : nowhere(errand, model, fields.node_id, place);
		const { target, why } = place;
		// Streamed, the first line comes at once; else nothing comes before the end
		const limit = fields.stream ? { timeoutMs: ports.firstByteTimeoutMs } : {};
		const called = await callNode(target, call, { ...ports, signal: errand.request.signal, ...limit });
		const progress = { errand, target, model, deed: "Pull ended", headers: { "X-Fleet-Reason": why } };
		if (called.kind === "answered") return relayProgress({ ...progress, called, teller: tellerOf(errand, ports) }, ports);
		failure ??= called;
		excluded.push(target.nodeId);
		const isFinal = called.failure.kind === "client-gone" || called.failure.relay !== undefined || fields.node_id !== "";
		if (isFinal || excluded.length > MAX_RETRIES) return failed(called, `pull model '${model}'`, errand);
	}
}

function tellerOf({ id }: Errand, { fleet, now }: ChorePorts): ProgressTeller {
	return new ProgressTeller({
		now,
		tell: (lines) =>
			void fleet()
				.models()
				.pullProgress(id, lines)
				.catch(() => undefined),
	});
}

function nowhere(errand: Errand, model: string, nodeId: string, place: Exclude<PullPlace, { kind: "place" }>): ChoreDone {
	if (place.kind === "absent") return absentNode(errand, nodeId);
	return noNode(errand, `pull model '${model}'`, reasonsTextBy(place.reasons, PULL_REASON_TEXT));
}
