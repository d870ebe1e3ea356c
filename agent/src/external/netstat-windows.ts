import { output } from "../command.ts";
import { endpoint } from "./connection.ts";
import type { Connection } from "./connection.ts";

/** What English Windows calls a connection that comes or goes. */
const COMING_OR_GOING = /WAIT|FIN|SYN|CLOS/;

/** Who is connected; what went over a connection Windows tells administrators only. */
export async function readWindowsNetstat(port: number): Promise<Connection[]> {
	return parseWindowsNetstat(await output("netstat", ["-ano"]), port);
}

/**
 * `TCP local remote STATE pid`. The state is in the language of Windows, so it is told by the rest: a listener's far end has
 * port 0, and nobody owns a connection that is over.
 */
export function parseWindowsNetstat(text: string, port: number): Connection[] {
	return text.split("\n").flatMap((line) => {
		const [protocol, local = "", remote = "", state = "", owner] = line.trim().split(/\s+/);
		const client = /^\[?([^\]%]+)(?:%\d+)?\]?:(\d+)$/.exec(remote);
		if (protocol !== "TCP" || !client || client[2] === "0" || !local.endsWith(`:${port}`)) return [];
		if (owner === undefined || owner === "0" || COMING_OR_GOING.test(state)) return [];
		return { client: endpoint(client[1] ?? "", client[2] ?? "") };
	});
}
