/** One streamed chat over kept connections, timed. */
import http, { type IncomingMessage } from "node:http";
import { sharedNowMs } from "../clock.ts";
import type { Slice } from "../messages.ts";
import type { Tally } from "./tally.ts";

const GIVE_UP_MS = 30_000;
const SENT_AT = /"sent_ms":([\d.]+)/g;
const LAST_CHUNK = '"done":true';

/** Connections stay open between slices: a client's first dial is not what is measured. */
const agent = new http.Agent({ keepAlive: true, maxFreeSockets: 1_000 });

/** True when the whole answer came. `countedFrom` is the moment at which the request counts as sent. */
export function sendChat(slice: Slice, tally: Tally, countedFrom: number): Promise<boolean> {
	const body = bodyOf(slice);
	return new Promise((resolve) => {
		const fail = (cause: string) => {
			tally.fail(cause);
			resolve(false);
		};
		const request = http.request({
			agent,
			host: "127.0.0.1",
			port: slice.target.port,
			path: "/api/chat",
			method: "POST",
			headers: { "content-type": "application/json", "content-length": Buffer.byteLength(body) },
			timeout: GIVE_UP_MS,
		});
		request.once("response", (response) => {
			const answer = read(response, { tally, countedFrom, watchChunks: slice.paceMs > 0 });
			void answer.then((cause) => (cause === undefined ? resolve(true) : fail(cause)));
		});
		request.once("timeout", () => request.destroy(new Error("no byte for half a minute")));
		request.once("error", (error: NodeJS.ErrnoException) => fail(error.code ?? error.message));
		request.end(body);
	});
}

function bodyOf({ target, chunks, paceMs }: Slice): string {
	const messages = [{ role: "user", content: "Why is the sky blue? Answer in one sentence." }];
	return JSON.stringify({ model: target.model, messages, options: { num_predict: chunks, pace_ms: paceMs } });
}

interface Reading {
	readonly tally: Tally;
	readonly countedFrom: number;
	readonly watchChunks: boolean;
}

/** Resolves with what was wrong with the answer, or with nothing. */
function read(response: IncomingMessage, { tally, countedFrom, watchChunks }: Reading): Promise<string | undefined> {
	let begun = false;
	/** The two last pieces: the last line may be spread over both. */
	let last: Buffer[] = [];
	let previousAt: number | undefined;
	response.on("data", (bytes: Buffer) => {
		const at = sharedNowMs();
		if (!begun && response.statusCode === 200) tally.firstByte(at - countedFrom);
		begun = true;
		last = [...last.slice(-1), bytes];
		if (!watchChunks) return;
		for (const [, sentMs] of bytes.toString("latin1").matchAll(SENT_AT)) {
			tally.chunk(at, { sentAt: Number(sentMs), previousAt });
			previousAt = at;
		}
	});
	return new Promise((resolve) => {
		response.once("error", (error: NodeJS.ErrnoException) => resolve(`cut: ${error.code ?? error.message}`));
		response.once("end", () => {
			const end = Buffer.concat(last).toString("latin1");
			const complete = response.statusCode === 200 && end.includes(LAST_CHUNK);
			if (complete) tally.finish(sharedNowMs());
			resolve(complete ? undefined : `status ${response.statusCode}: ${end.slice(0, 120)}`);
		});
	});
}
