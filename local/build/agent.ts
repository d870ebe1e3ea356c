/** Packs the agent as the router serves it: bundled, without dependencies, so that an empty machine needs nothing but Node. */
import { build } from "esbuild";
import { execFile } from "node:child_process";
import { copyFile, mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { PUBLIC, ROOT } from "../places.ts";

const AGENT = join(ROOT, "agent");
const STAGE = join(ROOT, "dist", "agent");
/** Bundled CommonJS packages ask for `require`. */
const BANNER = 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);';

export async function packAgent(): Promise<void> {
	await bundleAgent(STAGE);
	await copyFile(join(AGENT, "package.json"), join(STAGE, "package.json"));
	await mkdir(PUBLIC, { recursive: true });
	const { stdout } = await promisify(execFile)("npm", ["pack", "--silent", "--ignore-scripts", "--pack-destination", STAGE], {
		cwd: STAGE,
		shell: process.platform === "win32",
	});
	await rename(join(STAGE, stdout.trim()), join(PUBLIC, "agent.tgz"));
}

/** The program as it is packed, in the package's `dist`; `npm pack` in `agent/` does this too, before it packs. */
export async function bundleAgent(folder = AGENT): Promise<void> {
	await rm(join(folder, "dist"), { recursive: true, force: true });
	await build({
		entryPoints: { "herd-agent": join(AGENT, "src", "main.ts"), "herd-node": join(AGENT, "src", "herd-node.ts") },
		outdir: join(folder, "dist"),
		outExtension: { ".js": ".mjs" },
		bundle: true,
		// What is imported late stays a file of its own, which costs no memory until then
		splitting: true,
		chunkNames: "parts/[name]-[hash]",
		platform: "node",
		format: "esm",
		target: "node20",
		banner: { js: BANNER },
		logLevel: "warning",
	});
}
