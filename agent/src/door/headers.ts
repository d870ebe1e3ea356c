import { LOADS_HEADER } from "../../../worker/protocol/heartbeat.ts";

/** Which headers pass through the door. Works on raw name and value pairs, so that order, case and repeats stay as sent. */

/** They describe one connection, not the message. */
const HOP_BY_HOP = [
	"connection",
	"keep-alive",
	"proxy-authenticate",
	"proxy-authorization",
	"proxy-connection",
	"te",
	"trailer",
	"transfer-encoding",
	"upgrade",
];

/** Meant for the door, not for Ollama. `Origin` would make Ollama refuse; the door has answered `Expect` itself. */
const FOR_THE_DOOR = ["authorization", "cookie", "expect", "host", "origin", LOADS_HEADER];

/** A request's headers for Ollama, which checks `Host` when it listens on loopback. */
export function requestHeaders(rawHeaders: readonly string[], ollamaPort: string): string[] {
	const pairs = pairsOf(rawHeaders);
	const dropped = new Set([...HOP_BY_HOP, ...FOR_THE_DOOR, ...namedByConnection(pairs)]);
	const kept = pairs.filter(([name]) => !dropped.has(name.toLowerCase()));
	return ["Host", `localhost:${ollamaPort}`, ...kept.flat(), ...framing(pairs)];
}

/** The body's framing, said again for this connection. */
function framing(pairs: readonly (readonly [string, string])[]): string[] {
	const has = (wanted: string) => pairs.some(([name]) => name.toLowerCase() === wanted);
	if (has("transfer-encoding")) return ["Transfer-Encoding", "chunked"];
	return has("content-length") ? [] : ["Content-Length", "0"];
}

/** An answer's headers as Ollama sent them; only what speaks of the door's own connection to Ollama is left out. */
export function responseHeaders(rawHeaders: readonly string[]): string[] {
	const kept = pairsOf(rawHeaders).filter(([name, value]) => {
		if (name.toLowerCase() === "connection") return value.toLowerCase() === "keep-alive";
		return name.toLowerCase() !== "keep-alive";
	});
	return kept.flat();
}

function pairsOf(rawHeaders: readonly string[]): [string, string][] {
	const pairs: [string, string][] = [];
	for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
		pairs.push([rawHeaders[index] ?? "", rawHeaders[index + 1] ?? ""]);
	}
	return pairs;
}

function namedByConnection(pairs: readonly (readonly [string, string])[]): string[] {
	return pairs
		.filter(([name]) => name.toLowerCase() === "connection")
		.flatMap(([, value]) => value.split(","))
		.map((name) => name.trim().toLowerCase())
		.filter((name) => name !== "content-length");
}
