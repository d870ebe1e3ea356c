import { networkInterfaces } from "node:os";

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/;

/** Whether this machine's own tables and processes can tell about that Ollama. A name other than `localhost` may be anybody's. */
export function isOnThisMachine(ollamaUrl: string): boolean {
	const host = new URL(ollamaUrl).hostname.replace(/^\[|\]$/g, "");
	if (LOOPBACK.test(host) || host === "0.0.0.0") return true;
	const interfaces = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
	return interfaces.some(({ address }) => address === host);
}
