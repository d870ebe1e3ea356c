/** Reads zstd-compressed bodies, which Codex sends; what goes to the node is the body as it came. */
import { zstdDecompressSync } from "node:zlib";
import { RouterError } from "../errors.ts";

/** Ollama's own limit for the decoded body. */
const MAX_DECODED_BYTES = 20 * 1024 ** 2;

/** Throws a `RouterError` for what is not zstd, or too large. */
export function decodeZstd(body: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
	try {
		return new Uint8Array(zstdDecompressSync(body, { maxOutputLength: MAX_DECODED_BYTES }));
	} catch {
		throw new RouterError({ status: 400, message: "invalid input: magic number mismatch" });
	}
}
