import { join } from "node:path";

/** Where the join token lies for a service: in a file that only its owner can read, never on a command line. */
export function tokenFileIn(dataDir: string, nodeId: string): string {
	return join(dataDir, `agent-${nodeId}.token`);
}
