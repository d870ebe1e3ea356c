import { output } from "../command.ts";
import { endpoint } from "./connection.ts";
import type { Connection, Traffic } from "./connection.ts";

/** Linux's own tool, the only one without rights that tells when something last went over a connection. */
export async function readSs(port: number): Promise<Connection[]> {
	return parseSs(await output("ss", ["-tinH", "state", "established", "sport", "=", `:${port}`]));
}

/** A line with both ends, and below it, indented, a line of figures. */
export function parseSs(text: string): Connection[] {
	const connections: Connection[] = [];
	for (const line of text.split("\n")) {
		const client = /^\d+\s+\d+\s+\S+\s+\[?([^\s%\]]+)\S*:(\d+)/.exec(line);
		const last = connections.at(-1);
		if (client) connections.push({ client: endpoint(client[1] ?? "", client[2] ?? "") });
		else if (last && /\srto:/.test(line)) last.traffic = trafficIn(line);
	}
	return connections;
}

/** Both ages also run on a connection over which nothing went: then they are its own. */
function trafficIn(figures: string): Traffic {
	const at = (name: string) => Number(new RegExp(`\\s${name}:(\\d+)`).exec(figures)?.[1] ?? 0);
	const hasSent = at("bytes_sent") > 0 || at("bytes_acked") > 0;
	return {
		...(at("bytes_received") > 0 && { receivedMsAgo: at("lastrcv") }),
		...(hasSent && { sentMsAgo: at("lastsnd") }),
	};
}
