/** Whether a Linux machine holds itself back, which its temperature alone does not tell. */
import { join } from "node:path";
import { easyTextOf, namesIn, numberIn } from "./files.ts";
import type { Host } from "./host.ts";
import { EVERY_MINUTE_MS } from "./probe.ts";

const CORES = "/sys/devices/system/cpu";
/** Bit 0 is under-voltage, from 16 on stands what has been since the start. */
const PI_HELD_BACK = { capped: 1 << 1, throttled: 1 << 2, softLimit: 1 << 3 };

export type Throttle = "nominal" | "warning" | undefined;

/** A program has to be started on a Raspberry Pi, so not with every beat. */
export function throttleWatch(): (host: Host) => Promise<Throttle> {
	let pi: { at: number; state: Throttle } | undefined;
	let counted: number | undefined;
	return async (host) => {
		if (await isRaspberryPi(host)) {
			if (pi === undefined || host.now() - pi.at >= EVERY_MINUTE_MS) pi = { at: host.now(), state: await askPi(host) };
			return pi.state;
		}
		const before = counted;
		counted = await packageCount(host);
		if (counted === undefined) return undefined;
		return before !== undefined && counted > before ? "warning" : "nominal";
	};
}

async function isRaspberryPi(host: Host): Promise<boolean> {
	return (await easyTextOf(host.at("/proc/device-tree/model")))?.startsWith("Raspberry Pi") === true;
}

/** The program needs membership in the group `video`: without it nothing is known. */
async function askPi(host: Host): Promise<Throttle> {
	return parseThrottled(await host.run("vcgencmd", ["get_throttled"]).catch(() => ""));
}

/** `throttled=0x20002`. */
export function parseThrottled(text: string): Throttle {
	const bits = /throttled=(0x[0-9a-f]+)/i.exec(text)?.[1];
	if (bits === undefined) return undefined;
	const { capped, throttled, softLimit } = PI_HELD_BACK;
	return (Number(bits) & (capped | throttled | softLimit)) === 0 ? "nominal" : "warning";
}

/** How often Intel's processors have throttled since the start: every core of a package tells the same. */
async function packageCount(host: Host): Promise<number | undefined> {
	const cores = (await namesIn(host.at(CORES))).filter((name) => /^cpu\d+$/.test(name));
	const first = cores[0];
	return first === undefined ? undefined : numberIn(host.at(join(CORES, first, "thermal_throttle", "package_throttle_count")));
}
