import { output } from "../command.ts";
import { endpoint } from "./connection.ts";
import type { Connection, ConnectionReader, Traffic } from "./connection.ts";

/** A connection and how much has gone over it so far. */
export interface Counted {
	client: string;
	/** Absent before macOS told them. */
	bytes?: { received: number; sent: number };
}

interface Sighting {
	received: number;
	sent: number;
	receivedAt?: number;
	sentAt?: number;
}

/** macOS counts bytes and tells no times: these are the looks at which the counts had grown. */
export function macosReader(now: () => number): ConnectionReader {
	let before: ReadonlyMap<string, Sighting> = new Map();
	return async (port) => {
		const counted = parseMacosNetstat(await output("/usr/sbin/netstat", ["-anv", "-p", "tcp"]), port);
		const at = now();
		before = sightingsOf(counted, before, at);
		return counted.map(({ client }) => toConnection(client, before.get(client), at));
	};
}

/** Columns by their heading, as far as the state: behind the figures stand names with spaces in them. */
export function parseMacosNetstat(text: string, port: number): Counted[] {
	const hasBytes = /\(state\)\s+rxbytes\s+txbytes/.test(text);
	return text.split("\n").flatMap((line) => {
		const [protocol = "", , , local = "", remote = "", state, received, sent] = line.trim().split(/\s+/);
		const client = /^(.+)\.(\d+)$/.exec(remote);
		if (!protocol.startsWith("tcp") || state !== "ESTABLISHED" || !client || !local.endsWith(`.${port}`)) return [];
		const [, address = "", clientPort = ""] = client;
		return {
			client: endpoint(address.replace(/%.*$/, ""), clientPort),
			...(hasBytes && { bytes: { received: Number(received), sent: Number(sent) } }),
		};
	});
}

/** What is now known of each connection; one that has gone is forgotten. */
export function sightingsOf(counted: readonly Counted[], before: ReadonlyMap<string, Sighting>, at: number): Map<string, Sighting> {
	return new Map(counted.flatMap(({ client, bytes }) => (bytes ? [[client, sighting(bytes, before.get(client), at)] as const] : [])));
}

function sighting({ received, sent }: { received: number; sent: number }, known: Sighting | undefined, at: number): Sighting {
	const receivedAt = received > (known?.received ?? 0) ? at : known?.receivedAt;
	const sentAt = sent > (known?.sent ?? 0) ? at : known?.sentAt;
	return { received, sent, ...(receivedAt !== undefined && { receivedAt }), ...(sentAt !== undefined && { sentAt }) };
}

function toConnection(client: string, seen: Sighting | undefined, at: number): Connection {
	if (!seen) return { client };
	const { receivedAt, sentAt } = seen;
	const traffic: Traffic = {
		...(receivedAt !== undefined && { receivedMsAgo: at - receivedAt }),
		...(sentAt !== undefined && { sentMsAgo: at - sentAt }),
	};
	return { client, traffic };
}
