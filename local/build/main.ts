/** `node local/build/main.ts [worker|assets|agent-program]`: builds everything, or one part, that is older than its sources. */
import { buildAll, buildAssets, buildWorker } from "./build.ts";

const PARTS: Record<string, () => Promise<void>> = {
	all: buildAll,
	assets: buildAssets,
	worker: buildWorker,
	"agent-program": async () => (await import("./agent.ts")).bundleAgent(),
};

const part = process.argv[2] ?? "all";
const build = PARTS[part];
if (build) await build();
else {
	process.stderr.write(`Unknown part "${part}": one of ${Object.keys(PARTS).join(", ")}\n`);
	process.exitCode = 2;
}
