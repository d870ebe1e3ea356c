/** How much is said, on a terminal and in a log file: the same words for the agent and the router. */

export const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;
export type LogLevelSetting = (typeof LOG_LEVELS)[number];

/** The names that the origin had for two of them. */
const ALIASES: ReadonlyMap<string, LogLevelSetting> = new Map([
	["warning", "warn"],
	["critical", "fatal"],
]);

/** Undefined for a word that is no level; upper and lower case are one. */
export function logLevelOf(text: string): LogLevelSetting | undefined {
	const word = text.trim().toLowerCase();
	return LOG_LEVELS.find((level) => level === word) ?? ALIASES.get(word);
}

/** Whether an event of one level is said where the other is set. */
export function isSaid(event: Exclude<LogLevelSetting, "silent">, setting: LogLevelSetting): boolean {
	return LOG_LEVELS.indexOf(event) >= LOG_LEVELS.indexOf(setting);
}
