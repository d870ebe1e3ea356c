import { existsSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import { destination, pino, stdTimeFunctions } from "pino";
import type { LogLevel, Logger } from "./log.ts";

const NAME = "herd-node";

export interface LogFileOptions {
	dataDir: string;
	nodeId: string;
	now: () => Date;
}

/**
 * JSON lines in `logs/herd-node.jsonl`, which carries its date in its name once its day is over.
 * There are few lines, so each is written at once and none is lost in a crash.
 */
export function openLogFile({ dataDir, nodeId, now }: LogFileOptions): Logger {
	const folder = join(dataDir, "logs");
	const path = join(folder, `${NAME}.jsonl`);
	let day = lastDayOf(path) ?? dayOf(now());
	const file = destination({ dest: path, mkdir: true, sync: true });
	const formatters = { level: (level: string) => ({ level }) };
	const log = pino({ base: { node_id: nodeId }, timestamp: stdTimeFunctions.isoTime, formatters }, file);
	const turnPage = () => {
		const kept = join(folder, `${NAME}.${day}.jsonl`);
		// Another agent with this data folder may have done it already.
		if (!existsSync(kept) && existsSync(path)) renameSync(path, kept);
		file.reopen();
		day = dayOf(now());
	};
	const write = (level: LogLevel) => (message: string, fields?: Record<string, unknown>) => {
		if (dayOf(now()) !== day) turnPage();
		log[level](fields ?? {}, message);
	};
	return { info: write("info"), warn: write("warn"), error: write("error") };
}

function lastDayOf(path: string): string | undefined {
	const stats = statSync(path, { throwIfNoEntry: false });
	return stats === undefined ? undefined : dayOf(stats.mtime);
}

/** In UTC, as the times in the lines. */
function dayOf(date: Date): string {
	return date.toISOString().slice(0, 10);
}
