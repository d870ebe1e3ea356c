/** Making models: blobs, create, and the push that never gets out. */
import { createHash } from "node:crypto";
import { parseName, type ModelName } from "../machine/names.ts";
import { sha256Hex } from "../machine/random.ts";
import type { Installed } from "../machine/store.ts";
import type { SimulatedNode } from "../node.ts";
import type { Exchange } from "../wire/exchange.ts";
import { goJson } from "../wire/go-json.ts";
import type { GoStruct } from "../wire/go-struct.ts";
import { flag, record, text, type Body } from "./fields.ts";
import { sendLast, sendLines } from "./manage.ts";
import { JSON_PLAIN, readBody, sendError, type Route } from "./route.ts";

const DIGEST = /^sha256[:-][0-9a-f]{64}$/;
const BLOBS = "/var/lib/ollama/models/blobs";

const CREATE_REQUEST: GoStruct = {
	package: "api",
	name: "CreateRequest",
	fields: {
		model: "string",
		name: "string",
		stream: "bool",
		from: "string",
		files: { object: "map[string]string" },
		adapters: { object: "map[string]string" },
		template: "string",
		license: "any",
		system: "string",
		parameters: { object: "map[string]interface {}" },
		messages: { list: "any", name: "[]api.Message" },
		quantize: "string",
		renderer: "string",
		parser: "string",
		requires: "string",
	},
};
const PUSH_REQUEST: GoStruct = {
	package: "api",
	name: "PushRequest",
	fields: { model: "string", name: "string", insecure: "bool", stream: "bool" },
};

function probeBlob(node: SimulatedNode, exchange: Exchange, digest: string): void {
	if (!DIGEST.test(digest)) return sendError(exchange, 400, "invalid digest format");
	if (isPresent(node, digest)) return exchange.sendBare(200);
	sendError(exchange, 404, `blob ${JSON.stringify(digest)} not found`);
}

function isPresent({ blobs, store }: SimulatedNode, digest: string): boolean {
	return blobs.has(digest) || store.list().some(({ spec }) => `sha256:${sha256Hex(`weights of ${spec.name}`)}` === digest);
}

async function uploadBlob(node: SimulatedNode, exchange: Exchange, digest: string): Promise<void> {
	if (isPresent(node, digest)) return exchange.send({ status: 200 });
	if (!DIGEST.test(digest)) return sendError(exchange, 400, "invalid digest format");
	const hash = createHash("sha256");
	for await (const part of exchange.bodyStream()) hash.update(part);
	const got = `sha256:${hash.digest("hex")}`;
	if (got !== digest) return sendError(exchange, 400, `digest mismatch, expected ${JSON.stringify(digest)}, got ${JSON.stringify(got)}`);
	node.blobs.add(digest);
	exchange.send({ status: 201 });
}

async function create(node: SimulatedNode, exchange: Exchange): Promise<void> {
	const body = await readBody(exchange, CREATE_REQUEST);
	if (!body) return;
	const name = text(body, "model") || text(body, "name");
	if (!parseName(name)) return sendError(exchange, 400, "invalid model name");
	if (text(body, "from") === "" && body["files"] === undefined) {
		return exchange.send({
			status: 400,
			type: JSON_PLAIN,
			body: goJson({ error: "neither 'from' or 'files' was specified" }),
			chunked: flag(body, "stream") !== false,
		});
	}
	const lines = body["files"] === undefined ? derive(node, name, body) : fromFiles(node, body);
	await (flag(body, "stream") === false ? sendLast(exchange, lines) : sendLines(exchange, lines));
}

async function* derive(node: SimulatedNode, name: string, body: Body): AsyncGenerator<object> {
	const from = text(body, "from");
	const base = node.store.find(from);
	if (!base) {
		yield { status: "pulling manifest" };
		return yield { error: "pull model manifest: file does not exist" };
	}
	for (const part of layersOf(base)) yield { status: `using existing layer sha256:${sha256Hex(`${part} of ${base.spec.name}`)}` };
	for (const part of ["system", "parameters"]) yield { status: `creating new layer sha256:${sha256Hex(goJson(body[part] ?? ""))}` };
	yield { status: "writing manifest" };
	const system = text(body, "system");
	const parameters = { ...base.spec.parameters, ...numbersAndTexts(record(body, "parameters")) };
	const spec = { ...base.spec, name, weightsOf: base.spec.weightsOf ?? base.spec.name, parameters, ...(system !== "" && { system }) };
	node.store.add(name, spec, new Date(node.clock.now()));
	yield { status: "success" };
}

function layersOf({ spec }: Installed): string[] {
	return spec.license === undefined ? ["weights", "template"] : ["weights", "template", "license"];
}

function numbersAndTexts(parameters: Body): Record<string, string | number> {
	const known = Object.entries(parameters).filter(
		(entry): entry is [string, string | number] => typeof entry[1] === "string" || typeof entry[1] === "number",
	);
	return Object.fromEntries(known);
}

/** Uploaded weights are never real ones: nothing here can read a GGUF. */
async function* fromFiles(node: SimulatedNode, body: Body): AsyncGenerator<object> {
	yield { status: "parsing GGUF" };
	const [digest] = Object.values(record(body, "files")).map(String);
	const file = `${BLOBS}/${String(digest).replace(":", "-")}`;
	yield { error: node.blobs.has(String(digest)) ? "invalid file magic" : `open ${file}: no such file or directory` };
}

async function push(node: SimulatedNode, exchange: Exchange): Promise<void> {
	const body = await readBody(exchange, PUSH_REQUEST);
	if (!body) return;
	const name = parseName(text(body, "model") || text(body, "name"));
	if (!name) return sendError(exchange, 400, "model is required");
	const lines = pushing(node, name);
	await (flag(body, "stream") === false ? sendLast(exchange, lines) : sendLines(exchange, lines));
}

async function* pushing(node: SimulatedNode, name: ModelName): AsyncGenerator<object> {
	yield { status: "retrieving manifest" };
	const path = `${name.host}/${name.namespace}/${name.model}/${name.tag}`;
	if (node.store.find(`${name.host}/${name.namespace}/${name.model}:${name.tag}`))
		return yield { error: "unable to push: this machine is not signed in" };
	yield { status: "couldn't retrieve manifest" };
	yield { error: `open /var/lib/ollama/models/manifests/${path}: no such file or directory` };
}

export const createRoutes: Route[] = [
	{ method: "HEAD", path: "/api/blobs/:", handle: probeBlob },
	{ method: "POST", path: "/api/blobs/:", handle: uploadBlob },
	{ method: "POST", path: "/api/create", handle: create },
	{ method: "POST", path: "/api/push", handle: push },
];
