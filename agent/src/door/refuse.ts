import type { ServerResponse } from "node:http";

/** Tells the router's retry loop what went wrong at this machine, so that it never mistakes it for an answer of Ollama. */
const DOOR_ERROR_HEADER = "x-fleet-door-error";
export type DoorError = "connect" | "reset" | "draining" | "secret";

/** Answers in Ollama's own error form. */
export function refuse(response: ServerResponse, status: number, text: string, doorError?: DoorError): void {
	if (response.headersSent || response.destroyed) return;
	const body = JSON.stringify({ error: text });
	response.writeHead(status, {
		"content-type": "application/json; charset=utf-8",
		"content-length": Buffer.byteLength(body),
		...(doorError === undefined ? {} : { [DOOR_ERROR_HEADER]: doorError }),
	});
	response.end(body);
}
