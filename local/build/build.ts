/** Makes what the router serves and runs, each only when it is missing or older than its sources. */
import { join } from "node:path";
import { ROOT, WORKER_BUNDLE, PUBLIC } from "../places.ts";
import { isStale } from "./stale.ts";

export async function buildAll(): Promise<void> {
	await Promise.all([buildWorker(), buildAssets()]);
}

/** The page and the agent's package. */
export async function buildAssets(): Promise<void> {
	await Promise.all([buildPage(), buildAgent()]);
}

/** Built file, and what it is built from. */
const PARTS = {
	worker: { built: WORKER_BUNDLE, sources: [join(ROOT, "worker"), join(ROOT, "package-lock.json")] },
	page: {
		built: join(PUBLIC, "dashboard.html"),
		sources: [join(ROOT, "dashboard"), join(ROOT, "worker", "protocol"), join(ROOT, "vite.config.ts")],
	},
	agent: {
		built: join(PUBLIC, "agent.tgz"),
		sources: [join(ROOT, "agent", "src"), join(ROOT, "agent", "package.json"), join(ROOT, "worker", "protocol")],
	},
} as const;

export function isAnythingStale(): boolean {
	return Object.values(PARTS).some(({ built, sources }) => isStale(built, sources));
}

/** The worker as one module, as `herd` hands it to workerd. */
export async function buildWorker(): Promise<void> {
	if (!isStale(PARTS.worker.built, PARTS.worker.sources)) return;
	const { bundleWorker } = await import("./worker.ts");
	await bundleWorker();
}

async function buildPage(): Promise<void> {
	if (!isStale(PARTS.page.built, PARTS.page.sources)) return;
	const { bundlePage } = await import("./page.ts");
	await bundlePage();
}

async function buildAgent(): Promise<void> {
	if (!isStale(PARTS.agent.built, PARTS.agent.sources)) return;
	const { packAgent } = await import("./agent.ts");
	await packAgent();
}
