/** Reads a JSON body whole, within a limit. */
import { RouterError } from "../errors.ts";

/** Beyond so many times the limit a body is cut off unread. */
const DRAINED_TIMES = 4;
const QUIET_MS = 250;

/** Throws a `RouterError` 413 as soon as the limit is passed, before the rest is read. */
export async function readBody(request: Request, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
	const announced = request.headers.get("content-length");
	if (announced !== null && Number(announced) > maxBytes) return refuseLength(request, Number(announced), maxBytes);
	if (announced !== null) return new Uint8Array(await request.arrayBuffer());
	return readCounted(request, maxBytes);
}

/** A client that sends everything before it listens hears a refusal only when its body was taken: within reason it is, and dropped. */
async function refuseLength(request: Request, length: number, maxBytes: number): Promise<never> {
	if (length <= DRAINED_TIMES * maxBytes && request.body) await drain(request.body.getReader()).catch(() => undefined);
	throw tooLarge(maxBytes);
}

function quiet(): Promise<undefined> {
	return new Promise((resolve) => setTimeout(() => resolve(undefined), QUIET_MS));
}

/** Until its end, or until a client that wants to hear first sends nothing more. */
async function drain(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
	for (;;) {
		const part = await Promise.race([reader.read(), quiet()]);
		if (!part || part.done) return;
	}
}

async function readCounted(request: Request, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
	const chunks: Uint8Array[] = [];
	let size = 0;
	for await (const chunk of request.body ?? []) {
		size += chunk.byteLength;
		if (size > maxBytes) throw tooLarge(maxBytes);
		chunks.push(chunk);
	}
	const whole = new Uint8Array(size);
	let offset = 0;
	for (const chunk of chunks) {
		whole.set(chunk, offset);
		offset += chunk.byteLength;
	}
	return whole;
}

function tooLarge(maxBytes: number): RouterError {
	const megabytes = maxBytes / 1024 ** 2;
	return new RouterError({ status: 413, message: `request body too large: the limit is ${megabytes} MB (FLEET_MAX_BODY_MB)` });
}
