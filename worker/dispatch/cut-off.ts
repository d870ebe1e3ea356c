/** Ends a body without its end, so that its client knows that it is not whole. */

/** Means nothing in any of the APIs. */
const BLANK = new Uint8Array([0x20]);

/**
 * Only when the next piece is taken has the one before it left: without the blank, which is usually lost with the connection,
 * the last words would be lost. Rejects when the client has left.
 */
export async function cutOff(writer: WritableStreamDefaultWriter<Uint8Array>): Promise<void> {
	await writer.write(BLANK);
	await writer.abort();
}
