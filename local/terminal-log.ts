/** What of the log is said on the terminal too. */
import { isSaid, type LogLevelSetting } from "../agent/src/log-level.ts";
import { type LogFile, toLevel } from "./log-file.ts";

/** Trouble is worth a line between the panel and the prompt; the rest is in the file. */
const DEFAULT_LEVEL = "warn";

/** The file, and lines of this level and above also for the person at the terminal. */
export function alsoOnTerminal(
	file: LogFile,
	{ level = DEFAULT_LEVEL, say, now }: { level?: LogLevelSetting | undefined; say: (line: string) => void; now: () => Date },
): LogFile {
	return {
		...file,
		write(at, message, fields) {
			file.write(at, message, fields);
			if (isSaid(toLevel(at), level)) say(`${now().toTimeString().slice(0, 8)} ${message}${detailsOf(fields)}`);
		},
	};
}

function detailsOf(fields: Record<string, unknown> = {}): string {
	const words = Object.entries(fields).map(([name, value]) => `${name}=${String(value)}`);
	return words.length === 0 ? "" : ` (${words.join(" ")})`;
}
