/** Changes to the models on disk: delete, copy, pull. */
import { MODELS, type ModelSpec } from "../models.ts";
import { parseName, type ModelName } from "../machine/names.ts";
import { sha256Hex } from "../machine/random.ts";
import { sleep } from "../machine/clock.ts";
import type { SimulatedNode } from "../node.ts";
import type { Exchange } from "../wire/exchange.ts";
import { goJson } from "../wire/go-json.ts";
import type { GoStruct } from "../wire/go-struct.ts";
import { flag, text } from "./fields.ts";
import { JSON_PLAIN, NDJSON, readBody, sendError, type Route } from "./route.ts";

const NAMES: GoStruct["fields"] = {
	model: "string",
	name: "string",
	insecure: "bool",
	stream: "bool",
	username: "string",
	password: "string",
};
const COPY_REQUEST: GoStruct = { package: "api", name: "CopyRequest", fields: { source: "string", destination: "string" } };

/** A home line of about 900 Mbit/s. */
const DOWNLOAD_BYTES_PER_MS = 112_000;
const PROGRESS_EVERY_MS = 60;
const SMALL_LAYER_BYTES = 1500;

async function remove(node: SimulatedNode, exchange: Exchange): Promise<void> {
	const body = await readBody(exchange, { package: "api", name: "DeleteRequest", fields: NAMES });
	if (!body) return;
	const name = text(body, "model") || text(body, "name");
	if (!parseName(name)) return sendError(exchange, 400, `name ${JSON.stringify(name)} is invalid`);
	const model = node.store.find(name);
	if (!model) return sendError(exchange, 404, `model '${name}' not found`);
	node.store.remove(name);
	node.scheduler.expire(model.spec);
	exchange.send({ status: 200 });
}

async function copy(node: SimulatedNode, exchange: Exchange): Promise<void> {
	const body = await readBody(exchange, COPY_REQUEST);
	if (!body) return;
	const [source, destination] = [text(body, "source"), text(body, "destination")];
	if (!parseName(source)) return sendError(exchange, 400, `source ${JSON.stringify(source)} is invalid`);
	if (!parseName(destination)) return sendError(exchange, 400, `destination ${JSON.stringify(destination)} is invalid`);
	const model = node.store.find(source);
	if (!model) return sendError(exchange, 404, `model ${JSON.stringify(source)} not found`);
	node.store.add(destination, model.spec, new Date(node.clock.now()));
	exchange.send({ status: 200 });
}

async function pull(node: SimulatedNode, exchange: Exchange): Promise<void> {
	const body = await readBody(exchange, { package: "api", name: "PullRequest", fields: NAMES });
	if (!body) return;
	const name = (text(body, "model") || text(body, "name")).replace(/^https?:\/\//, "");
	if (!parseName(name)) return sendError(exchange, 400, "invalid model name");
	const lines = pulling(node, name, exchange.signal);
	if (flag(body, "stream") === false) return sendLast(exchange, lines);
	await sendLines(exchange, lines);
}

/** Progress lines as a stream; errors come in it, after the first line. */
export async function sendLines(exchange: Exchange, lines: AsyncIterable<object>): Promise<void> {
	exchange.open(NDJSON);
	for await (const line of lines) await exchange.write(`${goJson(line)}\n`);
	exchange.end();
}

/** Only the last line, with a status to match. */
export async function sendLast(exchange: Exchange, lines: AsyncIterable<object>): Promise<void> {
	let last: object = {};
	for await (const line of lines) last = line;
	if (exchange.signal.aborted) return exchange.drop();
	exchange.send({ status: "error" in last ? 500 : 200, type: JSON_PLAIN, body: goJson(last) });
}

async function* pulling(node: SimulatedNode, name: string, signal: AbortSignal): AsyncGenerator<object> {
	yield { status: "pulling manifest" };
	const spec = pullable(name);
	if (!spec) return yield { error: "pull model manifest: file does not exist" };
	for (const layer of layersOf(spec)) {
		yield* downloading(node, layer, node.store.find(name) !== undefined, signal);
		if (signal.aborted) return;
	}
	yield { status: "verifying sha256 digest" };
	yield { status: "writing manifest" };
	node.store.add(name, spec, new Date(node.clock.now()));
	yield { status: "success" };
}

interface Layer {
	digest: string;
	bytes: number;
}

function layersOf(spec: ModelSpec): Layer[] {
	const small = ["template", "license", "parameters"].map((part) => ({
		digest: sha256Hex(`${part} of ${spec.name}`),
		bytes: SMALL_LAYER_BYTES,
	}));
	return [{ digest: sha256Hex(`weights of ${spec.name}`), bytes: spec.fileBytes }, ...small];
}

async function* downloading(node: SimulatedNode, { digest, bytes }: Layer, present: boolean, signal: AbortSignal): AsyncGenerator<object> {
	const frame = { status: `pulling ${digest.slice(0, 12)}`, digest: `sha256:${digest}`, total: bytes };
	const step = DOWNLOAD_BYTES_PER_MS * PROGRESS_EVERY_MS * node.timeScale;
	for (let completed = present ? bytes : step; completed < bytes && !signal.aborted; completed += step) {
		await sleep(node.clock, PROGRESS_EVERY_MS, signal);
		yield { ...frame, completed: Math.round(completed) };
	}
	yield { ...frame, completed: bytes };
}

/** Any model of the table can be had, from whatever registry. */
function pullable(asked: string): ModelSpec | undefined {
	const name = parseName(asked);
	return name && [...MODELS.values()].find((spec) => isSameModel(parseName(spec.name), name));
}

function isSameModel(one: ModelName | undefined, other: ModelName): boolean {
	return one?.model.toLowerCase() === other.model.toLowerCase() && one.tag.toLowerCase() === other.tag.toLowerCase();
}

export const manageRoutes: Route[] = [
	{ method: "DELETE", path: "/api/delete", handle: remove },
	{ method: "POST", path: "/api/copy", handle: copy },
	{ method: "POST", path: "/api/pull", handle: pull },
];
