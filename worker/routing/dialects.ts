/** From which Ollama version on a node serves an API path. Pure. */

/** First version with the route; paths not listed are as old as any Ollama in use. */
const SINCE: Record<string, readonly [number, number]> = {
	"/v1/responses": [0, 13],
	"/v1/messages": [0, 14],
	"/v1/audio/transcriptions": [0, 30],
};
/** First version without it (reference/ollama-api.md 0). */
const UNTIL: Record<string, readonly [number, number]> = {
	"/v1/images/generations": [0, 30],
	"/v1/images/edits": [0, 30],
};

/** True when the node's Ollama is known to lack `path`. An unknown or source-built version is let through. */
export function dialectReason(version: string | undefined, path: string): boolean {
	const [major = 0, minor = 0] = (version ?? "").split(".").map(Number);
	if (!version || (major === 0 && minor === 0)) return false;
	const [since, until] = [SINCE[path], UNTIL[path]];
	const isBefore = ([otherMajor, otherMinor]: readonly [number, number]) =>
		major < otherMajor || (major === otherMajor && minor < otherMinor);
	return (since !== undefined && isBefore(since)) || (until !== undefined && !isBefore(until));
}
