/** What `herd` prints when it is up: where to point clients, where to look, what to run on the next machine. */
import { networkInterfaces } from "node:os";
import { styleText } from "node:util";

export interface PanelFacts {
	readonly host: string;
	readonly port: number;
	readonly adminKey: string;
	readonly joinToken: string;
	readonly dataDir: string;
}

export function panel({ host, port, adminKey, joinToken, dataDir }: PanelFacts): string {
	const local = `http://localhost:${port}`;
	const address = lanAddress(host);
	const rows = [
		["OpenAI clients", `${local}/v1`],
		["Ollama clients", local],
		["Dashboard", `${local}/dashboard#key=${adminKey}`],
		[
			"Next machine",
			address ? joinLine(`http://${address}:${port}`, joinToken) : "can't reach this one: start with --host 0.0.0.0 to let it",
		],
		["Traces", `sqlite3 ${dataDir}/latency.db`],
	] as const;
	return [bold("herd is up"), ...rows.map(([name, value]) => `  ${dim(name.padEnd(15))} ${value}`)].join("\n");
}

/** Works on a machine with nothing but Node: the router serves its own agent. */
function joinLine(url: string, token: string): string {
	return `npx --yes ${url}/agent.tgz --router-url ${url} --token ${token}`;
}

/** The address other machines reach this one at; undefined when it listens on loopback only or has no network. */
function lanAddress(host: string): string | undefined {
	if (host !== "0.0.0.0" && host !== "::") return host === "127.0.0.1" || host === "localhost" ? undefined : host;
	const all = Object.entries(networkInterfaces()).filter(([name]) => !VIRTUAL.test(name));
	const addresses = all
		.flatMap(([, list]) => list ?? [])
		.filter(({ family, internal, address }) => family === "IPv4" && !internal && !address.startsWith("169.254."));
	return addresses[0]?.address;
}

/** Bridges and tunnels, which other machines can't reach (reference/probes.md 12). */
const VIRTUAL = /^(?:docker|br-|veth|virbr|vmnet|vboxnet|bridge1\d\d|utun|tun|wg|tailscale|zt|awdl|llw)/;

function bold(text: string): string {
	return styleText("bold", text, { stream: process.stdout });
}

export function dim(text: string): string {
	return styleText("dim", text, { stream: process.stdout });
}
