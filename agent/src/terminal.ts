import { isSaid } from "./log-level.ts";
import type { LogLevelSetting } from "./log-level.ts";
import type { LogLevel, Logger } from "./log.ts";

/** A terminal or a file that its output goes to. */
export interface Screen {
	isTTY?: boolean | undefined;
	write(text: string): unknown;
}

export interface TerminalOptions {
	now: () => Date;
	noColour: boolean;
	level: LogLevelSetting;
}

const COLOURS: Record<LogLevel, string> = { info: "\u001B[32m", warn: "\u001B[33m", error: "\u001B[31m" };
const PLAIN = "\u001B[0m";

/** One line a message, with the time; colour on a terminal only, and never against NO_COLOR. */
export function terminalLogger(screen: Screen, { now, noColour, level: setting }: TerminalOptions): Logger {
	const print = (level: LogLevel) => (message: string) => {
		if (!isSaid(level, setting)) return;
		const time = now().toTimeString().slice(0, 8);
		screen.write(`${time} ${isColoured(screen, noColour) ? painted(message, level) : message}\n`);
	};
	return { info: print("info"), warn: print("warn"), error: print("error") };
}

export function isColoured({ isTTY }: Screen, noColour: boolean): boolean {
	return isTTY === true && !noColour;
}

export function painted(text: string, level: LogLevel): string {
	return `${COLOURS[level]}${text}${PLAIN}`;
}

/** Every message goes to each of the loggers. */
export function bothLoggers(...loggers: readonly Logger[]): Logger {
	const tell = (level: LogLevel) => (message: string, fields?: Record<string, unknown>) => {
		for (const logger of loggers) logger[level](message, fields);
	};
	return { info: tell("info"), warn: tell("warn"), error: tell("error") };
}
