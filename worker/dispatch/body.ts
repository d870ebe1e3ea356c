/** Reads a JSON body whole, within a limit. */
import { RouterError } from "../errors.ts";

/** Throws a `RouterError` 413 as soon as the limit is passed, before the rest is read. */
export async function readBody(request: Request, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
	const announced = request.headers.get("content-length");
	if (announced !== null && Number(announced) > maxBytes) throw tooLarge(maxBytes);
	if (announced !== null) return new Uint8Array(await request.arrayBuffer());
	return readCounted(request, maxBytes);
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
