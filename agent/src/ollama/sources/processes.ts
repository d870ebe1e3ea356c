import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { namesIn } from "../../probes/files.ts";
import type { Host } from "../../probes/host.ts";
import { parseProcEnviron } from "../environment.ts";
import type { Environment } from "../environment.ts";
import type { SettingsSource } from "./source.ts";

/** Every `ollama serve` whose environment we may read: our own user's, or all of them as root. The service's own user is another one. */
export const processes: SettingsSource = {
	platforms: ["linux"],
	async read(host) {
		const ids = (await namesIn(host.at("/proc"))).filter((name) => /^\d+$/.test(name));
		const found = await Promise.all(ids.map((id) => readServer(host, id)));
		return found.filter((environment) => environment !== undefined);
	},
};

async function readServer(host: Host, id: string): Promise<Environment | undefined> {
	try {
		if (!isServer(await readFile(host.at(`/proc/${id}/cmdline`), "utf8"))) return undefined;
		return parseProcEnviron(await readFile(host.at(`/proc/${id}/environ`), "utf8"));
	} catch {
		// It has ended meanwhile, or belongs to somebody else.
		return undefined;
	}
}

/** `ollama serve`; runners and the command line tool are the same program. */
export function isServer(cmdline: string): boolean {
	const [program = "", ...args] = cmdline.split("\0");
	const command = args.find((arg) => !arg.startsWith("-"));
	return basename(program) === "ollama" && (command === "serve" || command === "start");
}
