/** How many connections workerd can hold: it dies when it runs out of file descriptors (reference/workerd.md section 11). */
import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** Four for a stream on workerd's side, with as many again in hand. */
const PER_CONNECTION = 8;
const RESERVED = 200;
/** Where the limit can't be read: macOS's usual hard limit is far above. */
const FALLBACK_LIMIT = 10_240;
const MOST = 20_000;

/** Node raises the soft limit to the hard one and its children inherit that, so only the hard limit counts. */
export async function maxConnections(): Promise<number> {
	const limit = await hardLimit();
	return Math.max(16, Math.min(MOST, Math.floor((limit - RESERVED) / PER_CONNECTION)));
}

async function hardLimit(): Promise<number> {
	try {
		const { stdout } = await promisify(execFile)("/bin/sh", ["-c", "ulimit -Hn"]);
		const limit = Number(stdout.trim());
		return stdout.trim() === "unlimited" ? MOST * PER_CONNECTION + RESERVED : limit || FALLBACK_LIMIT;
	} catch {
		return FALLBACK_LIMIT;
	}
}
