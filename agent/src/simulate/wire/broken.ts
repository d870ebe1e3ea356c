/** What Go's HTTP library answers to what is no request: plain text, and the end of the connection. */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";

const PLAIN = "text/plain; charset=utf-8";
const JSON_UTF8 = "application/json; charset=utf-8";

interface Refusal {
	status: string;
	type: string;
	body: string;
}

const REFUSALS: Readonly<Record<string, Refusal>> = {
	MISSING_HOST: { status: "400 Bad Request", type: PLAIN, body: "400 Bad Request: missing required Host header" },
	HPE_HEADER_OVERFLOW: { status: "431 Request Header Fields Too Large", type: PLAIN, body: "431 Request Header Fields Too Large" },
	// The client closed its side in the middle of the body: here the decoder answers, not the library.
	HPE_INVALID_EOF_STATE: { status: "400 Bad Request", type: JSON_UTF8, body: '{"error":"unexpected EOF"}' },
};
const BAD_REQUEST: Refusal = { status: "400 Bad Request", type: PLAIN, body: "400 Bad Request" };

export function answerBroken({ code }: { code?: string }, socket: Duplex): void {
	if (!socket.writable) return void socket.destroy();
	const { status, type, body } = REFUSALS[code ?? ""] ?? BAD_REQUEST;
	socket.end(`HTTP/1.1 ${status}\r\nContent-Type: ${type}\r\nConnection: close\r\n\r\n${body}`);
}

/** HTTP/1.1 demands the header; an empty one is fine. */
export function lacksHost({ httpVersion, headers }: IncomingMessage): boolean {
	return httpVersion === "1.1" && headers.host === undefined;
}
