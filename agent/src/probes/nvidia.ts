import { access, stat } from "node:fs/promises";
import { win32 } from "node:path";
import { isNotInstalled } from "../command.ts";
import { namesIn } from "./files.ts";
import type { Host } from "./host.ts";
import { NO_CARDS, NVIDIA_FIELDS, parseNvidiaSmi } from "./nvidia-csv.ts";
import { areAllAsleep, isOnBattery, sleeping } from "./nvidia-sleep.ts";
import { EVERY_BEAT_MS, EVERY_MINUTE_MS } from "./probe.ts";
import type { Probe } from "./probe.ts";

const QUERY = [`--query-gpu=${NVIDIA_FIELDS.join(",")}`, "--format=csv,noheader,nounits"];
/** WSL keeps it where a service's PATH does not lead. */
const WSL_PLACE = "/usr/lib/wsl/lib/nvidia-smi";
/** Newer drivers for Windows leave it in a folder of their own beside many others. */
const WINDOWS_SYSTEM = win32.join(process.env["SystemRoot"] ?? "C:\\Windows", "System32");
const DRIVER_STORE = win32.join(WINDOWS_SYSTEM, "DriverStore", "FileRepository");

/** NVIDIA's cards, through its own program. */
export function nvidiaProbe(): Probe {
	let askedAt = Number.NEGATIVE_INFINITY;
	return {
		name: "nvidia",
		platforms: ["linux", "win32"],
		everyMs: EVERY_BEAT_MS,
		async read(host, last) {
			if (last?.gpus !== undefined && (await areAllAsleep(host))) return { gpus: last.gpus.map(sleeping) };
			// On battery a card gets the time to fall asleep.
			if (last !== undefined && host.now() - askedAt < EVERY_MINUTE_MS && (await isOnBattery(host))) return last;
			askedAt = host.now();
			const csv = await query(host);
			const gpus = csv === undefined ? [] : parseNvidiaSmi(csv);
			return gpus.length === 0 ? undefined : { gpus };
		},
	};
}

async function query(host: Host): Promise<string | undefined> {
	try {
		return await host.run("nvidia-smi", QUERY);
	} catch (error) {
		if (error instanceof Error && error.message.includes(NO_CARDS)) return undefined;
		if (!isNotInstalled(error)) throw error;
	}
	const place = await elsewhere(host);
	return place === undefined ? undefined : host.run(place, QUERY);
}

async function elsewhere(host: Host): Promise<string | undefined> {
	if (host.platform === "linux") return (await exists(host.at(WSL_PLACE))) ? WSL_PLACE : undefined;
	const places = (await namesIn(host.at(DRIVER_STORE))).filter((name) => name.startsWith("nv"));
	return newest(host, [
		win32.join(WINDOWS_SYSTEM, "nvidia-smi.exe"),
		...places.map((place) => win32.join(DRIVER_STORE, place, "nvidia-smi.exe")),
	]);
}

/** Old drivers leave theirs behind. */
async function newest(host: Host, paths: readonly string[]): Promise<string | undefined> {
	const found = await Promise.all(paths.map(async (path) => ({ path, at: (await stat(host.at(path)).catch(() => undefined))?.mtimeMs })));
	return found.filter(({ at }) => at !== undefined).toSorted((one, other) => (other.at ?? 0) - (one.at ?? 0))[0]?.path;
}

function exists(path: string): Promise<boolean> {
	return access(path).then(
		() => true,
		() => false,
	);
}
