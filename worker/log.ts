/** One JSON line per event. Never prompts, answers or secrets. `herd` writes these lines to its log file. */

type Level = "debug" | "info" | "warn" | "error";

export function log(level: Level, message: string, fields: Record<string, unknown> = {}): void {
	// oxlint-disable-next-line no-console -- the one place: workerd hands console output to its host
	console[level](JSON.stringify({ msg: message, ...fields }));
}

/** Several events of one kind in one call to the host, which makes a line of each again. */
export function logEach(level: Level, message: string, each: readonly Record<string, unknown>[]): void {
	log(level, message, { each });
}
