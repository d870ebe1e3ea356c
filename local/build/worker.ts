import { build } from "esbuild";
import { join } from "node:path";
import { ROOT, WORKER_BUNDLE } from "../places.ts";

export async function bundleWorker(): Promise<void> {
	await build({
		entryPoints: [join(ROOT, "worker", "index.ts")],
		outfile: WORKER_BUNDLE,
		bundle: true,
		format: "esm",
		target: "es2024",
		external: ["cloudflare:*", "node:*"],
		conditions: ["workerd", "worker", "browser"],
		logLevel: "warning",
	});
}
