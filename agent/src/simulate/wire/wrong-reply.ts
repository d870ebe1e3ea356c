/** Replies that no Ollama in order gives: of a broken one, or of another program on its port. */
import type { ServerResponse } from "node:http";
import type { WrongReply } from "../machine/faults.ts";

const INFERENCE = /^\/(?:api\/(?:chat|generate|embed|embeddings)|v1\/(?:chat\/completions|completions|embeddings|responses|messages))$/;
const GARBAGE = Buffer.from([0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x46, 0x0d, 0x0a]);
const MESSAGE = "something went wrong inside";

/** Whether a path asks a model for an answer. */
export function isInference(path: string): boolean {
	return INFERENCE.test(path);
}

export function replyWrong(kind: WrongReply, path: string, outgoing: ServerResponse): void {
	if (kind === "garbage") outgoing.socket?.end(GARBAGE);
	else if (kind === "page") outgoing.writeHead(200, { "content-type": "text/html" }).end("<html><body>It works!</body></html>");
	else outgoing.writeHead(500, { "content-type": "application/json" }).end(JSON.stringify(errorFor(path)));
}

function errorFor(path: string): object {
	if (path === "/v1/messages") return { type: "error", error: { type: "api_error", message: MESSAGE } };
	return path.startsWith("/v1/") ? { error: { message: MESSAGE, type: "api_error", param: null, code: null } } : { error: MESSAGE };
}
