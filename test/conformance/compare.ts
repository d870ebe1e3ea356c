/** Compares an answer with its recording: everything on the wire, except what a model, a clock or a disk makes up. */
import type { RawResponse } from "./raw-client.ts";
import type { Recording } from "./recording.ts";
import { shapeOf, streamShape } from "./shape.ts";

export interface Difference {
	/** `status`, `headers`, `framing`, `body` or `end`. */
	aspect: string;
	recorded: string;
	got: string;
}

/** Go counts bodies up to this length, and chunks longer ones. */
const COUNTED_BODY_BYTES = 2048;
const HOP_HEADERS = /^(date|content-length|transfer-encoding|connection|keep-alive)$/i;
const FREE_HEADERS = new Set(["Date", "Content-Length"]);

/**
 * `exact`: the server itself, header order and chunk borders included. `relayed`: something stands in front of it that writes
 * the head anew and frames the body as it likes; names and values of headers, and every line or frame of the body, still count.
 */
export type Wire = "exact" | "relayed";

export function compare({ response }: Recording, answer: RawResponse, wire: Wire = "exact"): Difference[] {
	const [recorded, got] = wire === "exact" ? [response, answer] : [reframed(response), reframed(answer)];
	const pairs: [aspect: string, recorded: string, got: string][] = [
		["status", statusLine(recorded), statusLine(got)],
		["interim", recorded.interim ?? "", got.interim ?? ""],
		["headers", headerLines(recorded.headers, recorded.chunks, recorded.framing), headerLines(got.headers, got.chunks, got.framing)],
		["framing", framing(recorded), framing(got)],
		["end", recorded.end, got.end],
		...bodyPairs(recorded, got),
	];
	return pairs.filter(([, one, other]) => one !== other).map(([aspect, one, other]) => ({ aspect, recorded: one, got: other }));
}

/** As if both had come the same way: no hop-by-hop headers, one order, one line or frame a chunk. */
function reframed<T extends Side>(side: T): T & Side {
	const headers = side.headers
		.filter(([name]) => !HOP_HEADERS.test(name))
		.map(([name, value]): [string, string] => [name.toLowerCase(), value]);
	const separator = /event-stream/.test(headers.find(([name]) => name === "content-type")?.[1] ?? "") ? /(?<=\n\n)/ : /(?<=\n)/;
	return {
		...side,
		headers: headers.toSorted(([one], [other]) => one.localeCompare(other)),
		framing: "none",
		chunks: texts(side)
			.join("")
			.split(separator)
			.filter((text) => text !== ""),
	};
}

function statusLine({ version, status, statusText }: { version: string; status: number; statusText: string }): string {
	return `${version} ${status} ${statusText}`;
}

function isStream(headers: readonly (readonly [string, string])[]): boolean {
	return headers.some(([name, value]) => /^content-type$/i.test(name) && /ndjson|event-stream/.test(value));
}

/** The last line says how the body is framed; for a whole body that follows from its length. */
function headerLines(headers: readonly (readonly [string, string])[], chunks: readonly unknown[], framed: string): string {
	const byLength = !isStream(headers) && framed !== "none" && chunks.length > 0;
	return headers
		.map(([name, value]) => (FREE_HEADERS.has(name) ? name : `${name}: ${value}`))
		.map((line) => (byLength && /^(Content-Length|Transfer-Encoding: chunked)$/.test(line) ? "<framing>" : line))
		.join("\n");
}

type Side = Pick<RawResponse, "headers" | "framing"> & { chunks: readonly (string | { text: string })[] };

function framing(side: Side): string {
	const text = texts(side).join("");
	if (isStream(side.headers) || side.framing === "none" || text === "") return side.framing;
	const expected = Buffer.byteLength(text) > COUNTED_BODY_BYTES ? "chunked" : "content-length";
	return side.framing === expected ? "by length" : side.framing;
}

function texts({ chunks }: { chunks: readonly (string | { text: string })[] }): string[] {
	return chunks.map((chunk) => (typeof chunk === "string" ? chunk : chunk.text));
}

function bodyPairs(recorded: Side, got: Side): [string, string, string][] {
	if (isStream(recorded.headers)) return [["body", streamShape(texts(recorded)).join("\n--\n"), streamShape(texts(got)).join("\n--\n")]];
	const [one, other] = [texts(recorded).join(""), texts(got).join("")];
	return [
		["line end", String(one.endsWith("\n")), String(other.endsWith("\n"))],
		["body", shapeOf(one), shapeOf(other)],
	];
}
