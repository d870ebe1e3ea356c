/** Server-sent events as text (the HTML standard's event streams). Pure. */

/** What a browser waits before it connects anew. */
const RETRY_MS = 2_000;

export const HEARTBEAT = ": still here\n\n";
export const GREETING = `retry: ${RETRY_MS}\n\n`;

/** `name` is absent for an event that has none; JSON has no line breaks. */
export function frame({ id, name, data }: { id: string; name?: string; data: unknown }): string {
	return `${name === undefined ? "" : `event: ${name}\n`}id: ${id}\ndata: ${JSON.stringify(data)}\n\n`;
}
