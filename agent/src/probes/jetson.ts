import type { Gpu } from "../../../worker/protocol/heartbeat.ts";
import { easyTextOf, numberIn } from "./files.ts";
import type { Host } from "./host.ts";
import { EVERY_BEAT_MS } from "./probe.ts";
import type { Probe } from "./probe.ts";
import { zonesOf } from "./thermal-zones.ts";

/** Differs by board and kernel; the file may appear only some time after the start. */
const LOAD_FILES = [
	"/sys/devices/platform/gpu.0/load",
	"/sys/devices/gpu.0/load",
	"/sys/devices/platform/bus@0/17000000.gpu/load",
	"/sys/devices/platform/17000000.gpu/load",
];
const PER_MILLE = 1_000;
const GPU_ZONE = "gpu-thermal";

/** The graphics of NVIDIA's small boards, which share the machine's memory and of which nvidia-smi tells nothing. */
export const jetson: Probe = {
	name: "jetson",
	platforms: ["linux"],
	everyMs: EVERY_BEAT_MS,
	async read(host) {
		const board = (await easyTextOf(host.at("/proc/device-tree/model")))?.replaceAll("\0", "");
		if (board === undefined || !/\b(Jetson|Orin|Xavier)\b/.test(board)) return undefined;
		const [load, celsius] = await Promise.all([loadOf(host), temperatureOf(host)]);
		return { gpus: [jetsonGpu(board, load, celsius)] };
	},
};

export function jetsonGpu(board: string, loadPerMille: number | undefined, celsius: number | undefined): Gpu {
	return {
		id: "jetson-0",
		name: board,
		vendor: "nvidia",
		unified: true,
		...(loadPerMille === undefined ? {} : { utilization_ratio: Math.min(1, loadPerMille / PER_MILLE) }),
		...(celsius === undefined ? {} : { temperature_celsius: celsius }),
	};
}

async function loadOf(host: Host): Promise<number | undefined> {
	const loads = await Promise.all(LOAD_FILES.map((path) => numberIn(host.at(path))));
	return loads.find((load) => load !== undefined);
}

async function temperatureOf(host: Host): Promise<number | undefined> {
	return (await zonesOf(host)).find(({ type }) => type === GPU_ZONE)?.celsius;
}
