import { join, win32 } from "node:path";
import type { Host } from "../../probes/host.ts";
import type { Environment } from "../environment.ts";
import { lastLineWith } from "../last-line.ts";
import { METAL, parseMetalTotal, parseServerConfig, SERVER_CONFIG } from "../server-log.ts";
import type { SettingsSource } from "./source.ts";

/** Ollama notes every question in its log, ours too: one that is older than this is not the running server's. */
const STALE_MS = 120_000;

/** What the desktop app's or Homebrew's server says of itself at its start: the values that hold, the app's own settings included. */
export const logFile: SettingsSource = {
	platforms: ["darwin", "win32"],
	async read(host) {
		const found = await Promise.all(placesOf(host).map((path) => readLog(host, path)));
		return found.filter((environment) => environment !== undefined);
	},
};

function placesOf({ platform, home, env }: Host): string[] {
	if (platform === "win32") return [win32.join(env["LOCALAPPDATA"] ?? win32.join(home, "AppData", "Local"), "Ollama", "server.log")];
	return [join(home, ".ollama", "logs", "server.log"), "/opt/homebrew/var/log/ollama.log", "/usr/local/var/log/ollama.log"];
}

/** Bytes that Metal lets the running Ollama use. */
export async function readMetalTotal(host: Host): Promise<number | undefined> {
	const lines = await Promise.all(placesOf(host).map((path) => lastLine(host, path, METAL)));
	return lines.map((line) => parseMetalTotal(line ?? "")).find((bytes) => bytes !== undefined);
}

async function readLog(host: Host, path: string): Promise<Environment | undefined> {
	return parseServerConfig((await lastLine(host, path, SERVER_CONFIG)) ?? "");
}

function lastLine(host: Host, path: string, marker: string): Promise<string | undefined> {
	return lastLineWith(host.at(path), { marker, writtenAfter: Date.now() - STALE_MS });
}
