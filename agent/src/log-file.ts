import { join } from "node:path";
import { pino, stdTimeFunctions } from "pino";
import { openDayFile } from "./day-file.ts";
import type { LogLevelSetting } from "./log-level.ts";
import type { LogLevel, Logger } from "./log.ts";

export interface LogFileOptions {
	dataDir: string;
	nodeId: string;
	level: LogLevelSetting;
	now: () => Date;
}

/** JSON lines in `logs/herd-node.jsonl`, one file a day. */
export function openLogFile({ dataDir, nodeId, level, now }: LogFileOptions): Logger {
	const file = openDayFile({ folder: join(dataDir, "logs"), name: "herd-node", extension: "jsonl", now });
	const formatters = { level: (label: string) => ({ level: label }) };
	const log = pino({ level, base: { node_id: nodeId }, timestamp: stdTimeFunctions.isoTime, formatters }, file);
	const write = (at: LogLevel) => (message: string, fields?: Record<string, unknown>) => log[at](fields ?? {}, message);
	return { info: write("info"), warn: write("warn"), error: write("error") };
}
