/** `logs/herd.jsonl`: one JSON line per event, a new file each day, thirty kept. */
import { pino } from "pino";
import { createStream } from "rotating-file-stream";

const KEPT_DAYS = 30;
const DEFAULT_LEVEL = "debug";

export interface LogFile {
	/** `fields` join the line. Levels are pino's; unknown ones count as `info`. */
	write(level: string, message: string, fields?: Record<string, unknown>): void;
	close(): Promise<void>;
}

export function openLogFile(
	folder: string,
	{ level = DEFAULT_LEVEL, onProblem }: { level?: string; onProblem: (message: string) => void },
): LogFile {
	const stream = createStream(fileName, {
		path: folder,
		interval: "1d",
		intervalBoundary: true,
		intervalUTC: true,
		initialRotation: true,
		maxFiles: KEPT_DAYS,
	});
	let complained = false;
	// A full disk must cost log lines, not the router
	stream.on("error", (error: Error) => {
		if (!complained) onProblem(`Log lines are being lost: ${error.message}`);
		complained = true;
	});
	const lines = gathered((text) => stream.write(text));
	const logger = pino(
		{
			level,
			base: null,
			messageKey: "msg",
			timestamp: () => `,"ts":"${new Date().toISOString()}"`,
			formatters: { level: (label) => ({ level: label, logger: "herd" }) },
		},
		lines,
	);
	return {
		write: (at, message, fields = {}) => logger[toLevel(at)](fields, message),
		close() {
			lines.flush();
			return new Promise((resolve) => stream.end(() => resolve()));
		},
	};
}

/** Lines of one turn of the event loop go to the file together: a line per request comes in bundles, and each write costs a system call. */
function gathered(write: (text: string) => void) {
	let text = "";
	const flush = () => {
		if (text !== "") write(text);
		text = "";
	};
	return {
		flush,
		write(line: string) {
			if (text === "") setImmediate(flush);
			text += line;
		},
	};
}

function fileName(time: Date | number | null, index?: number): string {
	if (!time) return "herd.jsonl";
	const day = new Date(time).toISOString().slice(0, 10);
	return `herd.jsonl.${day}${index && index > 1 ? `.${index}` : ""}`;
}

/** The levels that events have here. */
export function toLevel(level: string): "debug" | "info" | "warn" | "error" {
	return level === "debug" || level === "warn" || level === "error" ? level : "info";
}
