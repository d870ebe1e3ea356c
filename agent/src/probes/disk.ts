import { statfs } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { EVERY_MINUTE_MS } from "./probe.ts";
import type { Probe, Reading } from "./probe.ts";

/** Where Ollama keeps models: as told, for this user, for the Linux service, in the container; the home folder before the first pull. */
const FOLDERS = [
	...(process.env["OLLAMA_MODELS"] === undefined ? [] : [process.env["OLLAMA_MODELS"]]),
	join(homedir(), ".ollama", "models"),
	"/usr/share/ollama/.ollama/models",
	"/root/.ollama/models",
	homedir(),
];

/** The file system that holds the models. */
export const disk: Probe = {
	name: "disk",
	platforms: ["linux", "darwin", "win32"],
	everyMs: EVERY_MINUTE_MS,
	async read() {
		for (const path of FOLDERS) {
			const reading = await readFolder(path);
			if (reading !== undefined) return reading;
		}
		return undefined;
	},
};

async function readFolder(path: string): Promise<Reading | undefined> {
	const stats = await statfs(path).catch((error: NodeJS.ErrnoException) => {
		// Another user's folder: the next place may be readable.
		if (error.code === "ENOENT" || error.code === "EACCES") return undefined;
		throw error;
	});
	if (stats === undefined) return undefined;
	return { disk: { path, total_bytes: stats.blocks * stats.bsize, available_bytes: stats.bavail * stats.bsize } };
}
