/** One established connection to Ollama, as the kernel's tables show it. */

export interface Connection {
	/** The client's end, such as `127.0.0.1:53124` or `[::1]:53124`. */
	client: string;
	/** Absent where the system does not tell. */
	traffic?: Traffic;
}

/** Seen from Ollama; absent is never. */
export interface Traffic {
	receivedMsAgo?: number;
	sentMsAgo?: number;
}

/** Established connections whose near end is the port; rejects where they cannot be listed. */
export type ConnectionReader = (port: number) => Promise<Connection[]>;

/** An IPv4 address written as IPv6 is the same end. */
export function endpoint(address: string, port: number | string): string {
	const plain = address.replace(/^::ffff:(?=\d+\.)/i, "");
	return plain.includes(":") ? `[${plain}]:${port}` : `${plain}:${port}`;
}
