/** What Ollama's server writes about itself at its start; pure. */
import type { Environment } from "./environment.ts";

/** In every form that this line has had. */
export const SERVER_CONFIG = "server config";

/** Of the line that tells what graphics there are on a Mac. */
export const METAL = "library=Metal compute";

/**
 * `… msg="server config" env="map[OLLAMA_HOST:http://127.0.0.1:11434 OLLAMA_KEEP_ALIVE:5m0s …]"`: a Go map, whose values may hold
 * spaces. They are the values that hold, defaults included, not what somebody has set.
 */
export function parseServerConfig(line: string): Environment | undefined {
	const map = /server config"? env="?map\[(.*)\]/.exec(line)?.[1];
	if (map === undefined) return undefined;
	const plain = map.replace(/\\(.)/g, "$1");
	const entries = plain.split(/ (?=[A-Z][A-Z0-9_]+:)/).map((entry) => {
		const at = entry.indexOf(":");
		return [entry.slice(0, at), entry.slice(at + 1).trim()] as const;
	});
	// What nobody has set stands there as well, empty.
	return Object.fromEntries(entries.filter(([name, value]) => name !== "" && value !== ""));
}

/** Bytes of the memory that Metal gives to Ollama; `total="17.8 GiB"`. */
export function parseMetalTotal(line: string): number | undefined {
	const [, amount, unit = ""] = /inference compute.*library=Metal.*total="([\d.]+) ([MG]iB)"/i.exec(line) ?? [];
	return amount === undefined ? undefined : Math.round(Number(amount) * (unit === "GiB" ? 1024 ** 3 : 1024 ** 2));
}
