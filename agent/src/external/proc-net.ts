import { textOf } from "../probes/files.ts";
import { endpoint } from "./connection.ts";
import type { Connection } from "./connection.ts";

const ESTABLISHED = "01";
/** `::ffff:` as the kernel writes it, before the four bytes of an IPv4 address. */
const MAPPED = "0000000000000000FFFF0000";

/** The kernel's own tables, for a Linux without `ss`: who is connected, and nothing of what went over it. */
export async function readProcNet(port: number): Promise<Connection[]> {
	const [four, six = ""] = await Promise.all([textOf("/proc/net/tcp"), textOf("/proc/net/tcp6")]);
	if (four === undefined) throw new Error("there is no /proc/net/tcp");
	return [...parseProcNet(four, port), ...parseProcNet(six, port)];
}

/** `sl local remote state ...`; an end is `ADDRESS:PORT` in hexadecimal. */
export function parseProcNet(text: string, port: number): Connection[] {
	const wanted = port.toString(16).toUpperCase().padStart(4, "0");
	return text.split("\n").flatMap((line) => {
		const [, local = "", remote = "", state] = line.trim().split(/\s+/);
		if (state !== ESTABLISHED || !local.endsWith(`:${wanted}`)) return [];
		const [address = "", clientPort = ""] = remote.split(":");
		return { client: endpoint(addressOf(address), Number.parseInt(clientPort, 16)) };
	});
}

function addressOf(hex: string): string {
	if (hex.length === 8 || hex.startsWith(MAPPED)) return bytesOf(hex.slice(-8)).join(".");
	const groups = bytesOf(hex).map((byte) => byte.toString(16).padStart(2, "0"));
	const text = groups.join("").replace(/(.{4})(?=.)/g, "$1:");
	// A URL shortens it as everybody else writes it.
	return new URL(`http://[${text}]`).hostname.slice(1, -1);
}

/** Words of four bytes, each in the machine's own order: the least byte first on all that Ollama runs on. */
function bytesOf(hex: string): number[] {
	const words = hex.match(/.{8}/g) ?? [];
	return words.flatMap((word) => (word.match(/../g) ?? []).toReversed().map((byte) => Number.parseInt(byte, 16)));
}
