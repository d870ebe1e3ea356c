/** Packs the agent as the router serves it: bundled, without dependencies, so that an empty machine needs nothing but Node. */
import { build } from "esbuild";
import { execFile } from "node:child_process";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { PUBLIC, ROOT } from "../places.ts";

const STAGE = join(ROOT, "dist", "agent");
/** Bundled CommonJS packages ask for `require`. */
const BANNER = 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);';

export async function packAgent(): Promise<void> {
	await rm(STAGE, { recursive: true, force: true });
	await mkdir(join(STAGE, "dist"), { recursive: true });
	await bundle();
	await writeFile(join(STAGE, "package.json"), JSON.stringify(await withoutDependencies(), null, "\t"));
	await mkdir(PUBLIC, { recursive: true });
	const { stdout } = await promisify(execFile)("npm", ["pack", "--silent", "--pack-destination", STAGE], {
		cwd: STAGE,
		shell: process.platform === "win32",
	});
	await rename(join(STAGE, stdout.trim()), join(PUBLIC, "agent.tgz"));
}

async function bundle(): Promise<void> {
	await build({
		entryPoints: { "herd-agent": join(ROOT, "agent", "src", "main.ts"), "herd-node": join(ROOT, "agent", "src", "herd-node.ts") },
		outdir: join(STAGE, "dist"),
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

async function withoutDependencies(): Promise<Record<string, unknown>> {
	const manifest: Record<string, unknown> = JSON.parse(await readFile(join(ROOT, "agent", "package.json"), "utf8"));
	return { ...manifest, dependencies: undefined };
}
