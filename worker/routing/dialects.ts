/** From which Ollama version on a node serves an API path. Pure. */

/** First version with the route; paths not listed are as old as any Ollama in use. */
const SINCE: Record<string, readonly [number, number]> = {
	"/v1/responses": [0, 13],
	"/v1/messages": [0, 14],
};

/** True when the node's Ollama is known to be too old for `path`. An unknown or source-built version is let through. */
export function dialectReason(version: string | undefined, path: string): boolean {
	const since = SINCE[path];
	const [major = 0, minor = 0] = (version ?? "").split(".").map(Number);
	if (!since || !version || (major === 0 && minor === 0)) return false;
	return major < since[0] || (major === since[0] && minor < since[1]);
}
