/** One JSON line per event. Never prompts, answers or secrets. `herd` writes these lines to its log file. */

type Level = "debug" | "info" | "warn" | "error";

export function log(level: Level, message: string, fields: Record<string, unknown> = {}): void {
	// oxlint-disable-next-line no-console -- the one place: workerd hands console output to its host
	console[level](JSON.stringify({ msg: message, ...fields }));
}
