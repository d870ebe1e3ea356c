/** `POST /api/create` and `/api/blobs/:digest`: files and the model made from them on one node. */
import type { ManageBody } from "../protocol/manage.ts";
import { callNode } from "./call-node.ts";
import type { ChoreDone, ChorePorts, Errand } from "./errand.ts";
import { relayProgress } from "./progress.ts";
import { PULL_REASON_TEXT } from "./pull-reason-text.ts";
import { callOf, modelOf, readErrand } from "./read-errand.ts";
import { failed, relayShort } from "./relay.ts";
import { inOwnWords, noNode, reasonsTextBy } from "./unknown-model.ts";
import { startUpload } from "./upload.ts";

const PROBE_TIMEOUT_MS = 10_000;

export async function createModel(errand: Errand, ports: ChorePorts): Promise<ChoreDone> {
	const { call, fields, complaint } = await readErrand(errand, ports);
	if (complaint !== undefined) return inOwnWords({ errand, call, own: { status: 400, message: complaint } }, ports);
	const model = modelOf(fields);
	const place = await ports
		.fleet()
		.models()
		.placeCreate({ model, from: fields.from, digests: digestsOf(fields) });
	if (place.kind === "no-node") return noNode(errand, `make model '${model}'`, reasonsTextBy(place.reasons, PULL_REASON_TEXT));
	const { target } = place;
	const limit = fields.stream ? { timeoutMs: ports.firstByteTimeoutMs } : {};
	const called = await callNode(target, call, { ...ports, signal: errand.request.signal, ...limit });
	if (called.kind === "failed") return failed(called, `make model '${model}'`, errand);
	return relayProgress({ errand, target, called, model, deed: "Create ended" }, ports);
}

/** HEAD asks whether the file is there, POST brings it: passed on as it comes, however long it is. */
export async function blob(errand: Errand, digest: string, ports: ChorePorts): Promise<ChoreDone> {
	const place = await ports.fleet().models().placeUpload();
	if (place.kind === "no-node") return noNode(errand, "take a file", reasonsTextBy(place.reasons, PULL_REASON_TEXT));
	const { method, signal } = errand.request;
	const upload = method === "HEAD" ? undefined : startUpload(errand.request);
	const call = { ...callOf(errand), body: upload?.body ?? null };
	const called = await callNode(place.target, call, { ...ports, signal, ...(!upload && { timeoutMs: PROBE_TIMEOUT_MS }) });
	await upload?.finish();
	if (called.kind === "failed") return failed(called, "take a file", errand);
	if (called.response.ok) await ports.fleet().models().blobStored(plain(digest), called.nodeId);
	return relayShort(called, errand, ports);
}

function digestsOf({ files, adapters }: ManageBody): string[] {
	return [...Object.values(files), ...Object.values(adapters)].map(plain);
}

/** Ollama takes `sha256-` for `sha256:`. */
function plain(digest: string): string {
	return digest.replace(/^sha256-/, "sha256:");
}
