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

/** The worker as one module, as `herd` hands it to workerd. */
export async function buildWorker(): Promise<void> {
	if (!isStale(WORKER_BUNDLE, [join(ROOT, "worker"), join(ROOT, "package-lock.json")])) return;
	const { bundleWorker } = await import("./worker.ts");
	await bundleWorker();
}

async function buildPage(): Promise<void> {
	const sources = [join(ROOT, "dashboard"), join(ROOT, "worker", "protocol"), join(ROOT, "vite.config.ts")];
	if (!isStale(join(PUBLIC, "dashboard.html"), sources)) return;
	const { bundlePage } = await import("./page.ts");
	await bundlePage();
}

async function buildAgent(): Promise<void> {
	const sources = [join(ROOT, "agent", "src"), join(ROOT, "agent", "package.json"), join(ROOT, "worker", "protocol")];
	if (!isStale(join(PUBLIC, "agent.tgz"), sources)) return;
	const { packAgent } = await import("./agent.ts");
	await packAgent();
}
