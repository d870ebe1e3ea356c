/** Since when nobody has touched this machine, by system. */
import { readLinuxIdle } from "./linux.ts";
import { readMacosIdle } from "./macos.ts";
import { readWindowsIdle } from "./windows.ts";

/** Milliseconds; undefined where it can't be read. */
export type IdleReader = () => Promise<number | undefined>;

/** Nobody goes and comes within it. */
const READ_EVERY_MS = 60_000;

const READERS: Partial<Record<NodeJS.Platform, IdleReader>> = { darwin: readMacosIdle, linux: readLinuxIdle, win32: readWindowsIdle };

/** Asks the system once a minute at most; what can't be read is not known. `now` is any clock in milliseconds that never jumps. */
export function idleReader(platform: NodeJS.Platform, now: () => number, read = READERS[platform]): IdleReader {
	let readAt = Number.NEGATIVE_INFINITY;
	let idleMs: number | undefined;
	return async () => {
		if (!read || now() - readAt < READ_EVERY_MS) return idleMs;
		readAt = now();
		idleMs = await read().catch(() => undefined);
		return idleMs;
	};
}
