import { open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";

const CHUNK_BYTES = 1_048_576;
/** A line that begins at the end of one chunk ends in the next. */
const LONGEST_LINE_BYTES = 16_384;
/** A server that has run for weeks said it too long ago to look further. */
const FARTHEST_BYTES = 64 * CHUNK_BYTES;

export interface Wanted {
	marker: string;
	/** Epoch milliseconds; a file that was written last before that counts as none. */
	writtenAfter: number;
}

/** The last line of a file that holds the marker, found from its end; `undefined` when there is none, or no such file. */
export async function lastLineWith(path: string, { marker, writtenAfter }: Wanted): Promise<string | undefined> {
	const file = await open(path).catch(() => undefined);
	if (file === undefined) return undefined;
	try {
		const { size, mtimeMs } = await file.stat();
		return mtimeMs < writtenAfter ? undefined : await searchBack(file, size, marker);
	} finally {
		await file.close();
	}
}

async function searchBack(file: FileHandle, size: number, marker: string): Promise<string | undefined> {
	for (let end = size; end > Math.max(0, size - FARTHEST_BYTES); end -= CHUNK_BYTES) {
		const from = Math.max(0, end - CHUNK_BYTES - LONGEST_LINE_BYTES);
		const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(end - from + LONGEST_LINE_BYTES), position: from });
		const text = buffer.toString("utf8", 0, bytesRead);
		const at = text.lastIndexOf(marker);
		if (at >= 0) return lineAround(text, at);
	}
	return undefined;
}

function lineAround(text: string, at: number): string {
	const end = text.indexOf("\n", at);
	return text.slice(text.lastIndexOf("\n", at) + 1, end < 0 ? undefined : end);
}
