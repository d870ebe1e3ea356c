/** What a machine says about itself and its models: version, tags, ps, the OpenAI list. */
import { sleep } from "../machine/clock.ts";
import { FOREVER_MS } from "../machine/durations.ts";
import { parseName } from "../machine/names.ts";
import type { ModelSpec } from "../models.ts";
import type { Runner } from "../machine/runner.ts";
import type { Installed } from "../machine/store.ts";
import type { SimulatedNode } from "../node.ts";
import type { Exchange } from "../wire/exchange.ts";
import { goJson, goTime } from "../wire/go-json.ts";
import { JSON_PLAIN, JSON_UTF8, sendJson, type Route } from "./route.ts";

/** Go's longest duration, 292 years: what "for ever" becomes on the wire. */
const LONGEST_MS = 9_223_372_036_854;

function root(_node: SimulatedNode, exchange: Exchange): void {
	exchange.send({ status: 200, type: "text/plain; charset=utf-8", body: "Ollama is running" });
}

function version(node: SimulatedNode, exchange: Exchange): void {
	sendJson(exchange, 200, { version: node.version });
}

function status(_node: SimulatedNode, exchange: Exchange): void {
	sendJson(exchange, 200, { cloud: { disabled: false, source: "none" } });
}

function tags(node: SimulatedNode, exchange: Exchange): void {
	const body = goJson({ models: node.store.list().map((model) => tagEntry(node, model)) });
	// Go does not know the length of a body it was never asked to write.
	if (exchange.method === "HEAD" && body.length > 2048) return exchange.sendBare(200, [], JSON_UTF8);
	exchange.send({ status: 200, type: JSON_UTF8, body });
}

function tagEntry({ rules }: SimulatedNode, { name, spec, digest, modifiedAt }: Installed): Record<string, unknown> {
	const lengths = rules.tagsShowCapabilities ? { context_length: spec.trainedContext, embedding_length: spec.embeddingLength } : {};
	return {
		name,
		model: name,
		modified_at: goTime(modifiedAt.getTime()),
		size: spec.fileBytes,
		digest,
		details: { ...details(spec), ...lengths },
		...(rules.tagsShowCapabilities && { capabilities: spec.capabilities }),
	};
}

export function details(spec: ModelSpec): Record<string, unknown> {
	return {
		parent_model: "",
		format: "gguf",
		family: spec.family,
		families: [spec.family],
		parameter_size: spec.parameterSize,
		quantization_level: spec.quantization,
	};
}

async function ps(node: SimulatedNode, exchange: Exchange): Promise<void> {
	if (node.faults.psDelayMs > 0) await sleep(node.clock, node.faults.psDelayMs, exchange.signal);
	const now = node.clock.now();
	if (node.faults.psStale) return sendJson(exchange, 200, node.lastListing);
	const models = node.scheduler.runners
		.map((runner) => ({ runner, expiresAt: expiry(runner, now) }))
		.toSorted((one, other) => other.expiresAt - one.expiresAt)
		.map(({ runner, expiresAt }) => psEntry(runner, expiresAt));
	node.lastListing = { models };
	sendJson(exchange, 200, node.lastListing);
}

function expiry({ keepAliveMs, expiresAt }: Runner, now: number): number {
	return keepAliveMs === FOREVER_MS ? now + LONGEST_MS : expiresAt;
}

function psEntry({ name, model, sizeBytes, digest, gpuBytes, context }: Runner, expiresAt: number): Record<string, unknown> {
	return {
		name,
		model: name,
		size: sizeBytes,
		digest,
		details: details(model),
		expires_at: goTime(expiresAt),
		size_vram: gpuBytes,
		context_length: context,
	};
}

function openaiModels(node: SimulatedNode, exchange: Exchange): void {
	const data = node.store.list().map(openaiModel);
	exchange.send({ status: 200, type: JSON_PLAIN, body: `${goJson({ object: "list", data: data.length > 0 ? data : null })}\n` });
}

function openaiModel({ name, modifiedAt }: Installed): Record<string, unknown> {
	return { id: name, object: "model", created: Math.floor(modifiedAt.getTime() / 1000), owned_by: parseName(name)?.namespace ?? "library" };
}

function openaiOneModel(node: SimulatedNode, exchange: Exchange, name: string): void {
	const model = node.store.find(name);
	if (model) return exchange.send({ status: 200, type: JSON_PLAIN, body: `${goJson({ ...openaiModel(model), id: name })}\n` });
	const named = node.rules.showNamesTag && !name.includes(":") ? `${name}:latest` : name;
	const error = { message: `model '${named}' not found`, type: "not_found_error", param: null, code: null };
	exchange.send({ status: 404, type: JSON_PLAIN, body: `${goJson({ error })}\n` });
}

export const listingRoutes: Route[] = [
	{ method: "HEAD", path: "/", handle: root },
	{ method: "GET", path: "/", handle: root },
	{ method: "HEAD", path: "/api/version", handle: version },
	{ method: "GET", path: "/api/version", handle: version },
	{ method: "GET", path: "/api/status", handle: status },
	{ method: "HEAD", path: "/api/tags", handle: tags },
	{ method: "GET", path: "/api/tags", handle: tags },
	{ method: "GET", path: "/api/ps", handle: ps },
	{ method: "GET", path: "/v1/models", handle: openaiModels },
	{ method: "GET", path: "/v1/models/:", handle: openaiOneModel },
];
