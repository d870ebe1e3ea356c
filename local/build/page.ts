import { join } from "node:path";
import { build } from "vite";
import { ROOT } from "../places.ts";

export async function bundlePage(): Promise<void> {
	await build({ root: join(ROOT, "dashboard"), configFile: join(ROOT, "vite.config.ts"), logLevel: "warn" });
}
