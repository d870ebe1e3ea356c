/** Waits for a condition instead of for a time. */
import { setTimeout as pause } from "node:timers/promises";

const LOOK_EVERY_MS = 20;
/** A safety net with a telling message, well below the limit of a test. */
const GIVE_UP_AFTER_MS = 30_000;

/** Looks again and again until `look` gives something, and returns that. An error thrown by the last look is told. */
export async function until<T>(what: string, look: () => T | Promise<T>): Promise<Exclude<T, false | undefined | null>> {
	const deadline = performance.now() + GIVE_UP_AFTER_MS;
	let problem: unknown;
	while (performance.now() < deadline) {
		problem = undefined;
		try {
			const found = await look();
			if (found !== false && found !== undefined && found !== null) return found as Exclude<T, false | undefined | null>;
		} catch (error) {
			problem = error;
		}
		await pause(LOOK_EVERY_MS);
	}
	throw new Error(`Waited in vain until ${what}`, { cause: problem });
}
