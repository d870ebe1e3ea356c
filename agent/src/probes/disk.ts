import { statfs } from "node:fs/promises";
import { join } from "node:path";
import type { Host } from "./host.ts";
import { EVERY_HOUR_MS, EVERY_MINUTE_MS } from "./probe.ts";
import type { Probe, Reading } from "./probe.ts";

/** Where Ollama keeps models when nothing else is said: in a user's home, the Linux service's, the container's. */
const IN_HOME = join(".ollama", "models");
const OTHER_HOMES = ["/usr/share/ollama", "/root"];

/** The file system that holds the models. `toldFolder` looks up what Ollama itself was told, and may be slow. */
export function diskProbe(toldFolder: (host: Host) => Promise<string | undefined>): Probe {
	let told: { at: number; folder: string | undefined } | undefined;
	return {
		name: "disk",
		platforms: ["linux", "darwin", "win32"],
		everyMs: EVERY_MINUTE_MS,
		async read(host) {
			if (told === undefined || host.now() - told.at >= EVERY_HOUR_MS) told = { at: host.now(), folder: await toldFolder(host) };
			for (const path of foldersOf(host, told.folder)) {
				const reading = await readFolder(host, path);
				if (reading !== undefined) return reading;
			}
			return undefined;
		},
	};
}

/** The home folder stands for the models' before the first pull. */
function foldersOf({ home }: Host, told: string | undefined): string[] {
	const usual = [home, ...OTHER_HOMES].map((folder) => join(folder, IN_HOME));
	return [...(told === undefined ? [] : [told]), ...usual, home];
}

async function readFolder(host: Host, path: string): Promise<Reading | undefined> {
	const stats = await statfs(host.at(path)).catch((error: NodeJS.ErrnoException) => {
		// Another user's folder: the next place may be readable.
		if (error.code === "ENOENT" || error.code === "EACCES") return undefined;
		throw error;
	});
	if (stats === undefined) return undefined;
	return { disk: { path, total_bytes: stats.blocks * stats.bsize, available_bytes: stats.bavail * stats.bsize } };
}
