import type { LogLevel, Logger } from "./log.ts";

/** A terminal or a file that its output goes to. */
export interface Screen {
	isTTY?: boolean | undefined;
	write(text: string): unknown;
}

const COLOURS: Record<LogLevel, string> = { info: "\u001B[32m", warn: "\u001B[33m", error: "\u001B[31m" };
const PLAIN = "\u001B[0m";

/** One line a message, with the time; colour on a terminal only, and never against NO_COLOR. */
export function terminalLogger(screen: Screen, { now, noColour }: { now: () => Date; noColour: boolean }): Logger {
	const print = (level: LogLevel) => (message: string) => {
		const time = now().toTimeString().slice(0, 8);
		const coloured = screen.isTTY === true && !noColour;
		screen.write(coloured ? `${time} ${COLOURS[level]}${message}${PLAIN}\n` : `${time} ${message}\n`);
	};
	return { info: print("info"), warn: print("warn"), error: print("error") };
}

/** Every message goes to each of the loggers. */
export function bothLoggers(...loggers: readonly Logger[]): Logger {
	const tell = (level: LogLevel) => (message: string, fields?: Record<string, unknown>) => {
		for (const logger of loggers) logger[level](message, fields);
	};
	return { info: tell("info"), warn: tell("warn"), error: tell("error") };
}
