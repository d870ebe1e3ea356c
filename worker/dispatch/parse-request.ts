/** Reads what routing needs out of a request's body. The body itself stays as it came. Pure. */
import { RouterError } from "../errors.ts";
import { readFirstValue } from "../protocol/go-json.ts";
import { type Dialect, type InferenceBody, InferenceBodySchema, type RequestClass, type RouteRequest } from "../protocol/inference.ts";
import { numberOption, readFields } from "../rewrite/body-fields.ts";
import { readKey } from "../rewrite/json-edit.ts";
import { isTiedToModel } from "../rewrite/rewrite.ts";
import type { Endpoint } from "./endpoints.ts";
import { chainMarks, hashedName } from "../routing/rule/prefix-marks.ts";
import { bearerOf } from "../secrets.ts";
import { promptParts } from "./prompt-parts.ts";
import { estimateTokens } from "./tokens.ts";
import { decodeZstd } from "./zstd.ts";
import { hasImages } from "./images.ts";

/** No name that Ollama takes is longer; such a one is its to refuse. */
const MAX_NAME = 400;
const MAX_FALLBACKS = 16;
const MAX_PART_HEAD = 1_000;
/** What a person would put on a request. They are kept with its trace. */
const MAX_TAGS = 32;
const MAX_TAG = 200;

export interface ParsedRequest extends RouteRequest {
	readonly stream: boolean;
	/** As it came. */
	readonly body: Uint8Array<ArrayBuffer>;
	/** The JSON in it, decompressed: the same bytes where it was not compressed. Undefined for forms and for what could not be read. */
	readonly decoded: Uint8Array<ArrayBuffer> | undefined;
	/** The same as text; what is no UTF-8 in it is U+FFFD. */
	readonly text: string;
}

export interface Incoming {
	readonly id: string;
	readonly path: string;
	readonly endpoint: Endpoint;
	readonly dialect: Dialect;
	readonly body: Uint8Array<ArrayBuffer>;
	readonly headers: Headers;
	/** Epoch milliseconds. */
	readonly arrivedAt: number;
	/** This installation's, for names of prompts and keys that nobody else can make. */
	readonly secret: string;
}

/** Throws a `RouterError` with Ollama's own words for a body that Ollama would not take. */
export function parseRequest({ id, path, endpoint, dialect, body, headers, arrivedAt, secret }: Incoming): ParsedRequest {
	const multipart = headers.get("content-type")?.startsWith("multipart/form-data") ?? false;
	const json = multipart ? undefined : decompress(body, endpoint, headers);
	const text = json && new TextDecoder("utf-8", { ignoreBOM: true, fatal: false }).decode(json);
	const fields = text === undefined ? readForm(body) : readBody(text, dialect);
	const options = readFields(text ?? "");
	const numCtx = options && path.startsWith("/api/") ? numberOption(options, "num_ctx") : undefined;
	if (fields.model === "") throw new RouterError(endpoint.noModel);
	if (fields.model.length > MAX_NAME) throw new RouterError({ status: 404, message: endpoint.notFound(`${fields.model.slice(0, 80)}…`) });
	const tags = tagsOf(fields, headers.get("x-herd-tags"));
	return {
		id,
		path,
		dialect,
		body,
		decoded: json,
		text: text ?? "",
		numCtx: typeof numCtx === "number" ? numCtx : undefined,
		tiedToModel: headers.get("x-fleet-no-fallback") === "true" || (options !== undefined && isTiedToModel(path, options)),
		arrivedAt,
		model: fields.model,
		fallbacks: (fields.fallback_models ?? []).filter((name) => name.length <= MAX_NAME).slice(0, MAX_FALLBACKS),
		stream: fields.stream ?? endpoint.streamsByDefault,
		needsVision: hasImages(fields, path),
		promptTokens: estimateTokens(fields, path),
		requestClass: classOf([headers.get("x-fleet-class") ?? "", ...tags]),
		tags,
		excluded: [],
		...onlyNodeOf(headers),
		...callerOf(headers, tags, secret),
		marks: chainMarks(promptParts(fields, path), secret),
	};
}

function onlyNodeOf(headers: Headers): Pick<RouteRequest, "onlyNode"> {
	const onlyNode = headers.get("x-fleet-only-node")?.trim();
	return onlyNode ? { onlyNode } : {};
}

/** Keys say who shares the machines, tags what for. The key itself is kept nowhere. */
function callerOf(headers: Headers, [tag = ""]: readonly string[], secret: string): { app: string; client: string } {
	const key = headers.get("x-api-key") ?? bearerOf(headers.get("authorization"));
	const client = key ? hashedName(key, secret) : tag;
	return { app: tag || client, client };
}

/** The bytes to read; those that go to the node stay compressed. */
function decompress(body: Uint8Array<ArrayBuffer>, { zstd }: Endpoint, headers: Headers): Uint8Array<ArrayBuffer> {
	return zstd && headers.get("content-encoding") === "zstd" ? decodeZstd(body) : body;
}

/** Uploads of images and sound carry the model as a field of a form. Only routing reads it here; the node reads its own. */
function readForm(body: Uint8Array): InferenceBody {
	const text = new TextDecoder("latin1").decode(body);
	return { model: formField(text, "model") ?? "", stream: formField(text, "stream") === "true" };
}

/** A part's headers and value are short where they are ours to read; found without a pattern that could run wild. */
function formField(text: string, name: string): string | undefined {
	const start = text.indexOf(`name="${name}"\r\n`);
	const value = start === -1 ? -1 : text.indexOf("\r\n\r\n", start);
	if (value === -1 || value - start > MAX_PART_HEAD) return undefined;
	const end = text.indexOf("\r\n", value + 4);
	return end === -1 ? undefined : text.slice(value + 4, end);
}

function readBody(text: string, dialect: Dialect): InferenceBody {
	if (text === "") throw new RouterError({ status: 400, message: dialect === "ollama" ? "missing request body" : "EOF" });
	const parsed = readFirstValue(text);
	if (!parsed.ok) throw new RouterError({ status: 400, message: parsed.error });
	const fields = InferenceBodySchema.safeParse(lowerKeys(parsed.value));
	if (fields.success) return { ...fields.data, model: modelIn(text) ?? fields.data.model };
	throw new RouterError({ status: 400, message: `json: cannot unmarshal ${kindOf(parsed.value)} into Go value of type api.Request` });
}

/** Of a repeated key, in whatever letter case, the last counts: the model that Ollama will run is the one to route and check. */
function modelIn(text: string): string | undefined {
	const parsed = readFirstValue(readKey(text, ["model"]) ?? "");
	return parsed.ok && typeof parsed.value === "string" ? parsed.value : undefined;
}

/** Go matches keys without regard to case. */
function lowerKeys(value: unknown): unknown {
	if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
	return Object.fromEntries(Object.entries(value).map(([key, field]) => [key.toLowerCase(), field]));
}

function kindOf(value: unknown): string {
	if (Array.isArray(value)) return "array";
	return typeof value === "boolean" ? "bool" : typeof value;
}

/** The first word that names one: the header's, else a tag that reads just so. */
function classOf(words: readonly string[]): RequestClass {
	return words.find((word) => word === "interactive" || word === "agent" || word === "batch") ?? "interactive";
}

/** The origin's order: the body's list, the header's, then the user; each once. */
function tagsOf(fields: InferenceBody, header: string | null): string[] {
	const fromBody = (fields.metadata?.tags ?? []).filter((tag) => typeof tag === "string").filter((tag) => tag !== "");
	const fromHeader = (header ?? "")
		.split(",")
		.map((tag) => tag.trim())
		.filter((tag) => tag !== "");
	const fromUser = fields.user ? [`user:${fields.user}`] : [];
	const all = new Set([...fromBody, ...fromHeader, ...fromUser].map((tag) => tag.slice(0, MAX_TAG)));
	return [...all].slice(0, MAX_TAGS);
}
