import { join } from "node:path";
import { destination, pino, stdTimeFunctions } from "pino";
import type { LogLevel, Logger } from "./log.ts";

/** JSON lines in `logs/herd-node.jsonl`. There are few, so each is written at once and none is lost in a crash. */
export function openLogFile(dataDir: string, nodeId: string): Logger {
	const file = destination({ dest: join(dataDir, "logs", "herd-node.jsonl"), mkdir: true, sync: true });
	const options = { base: { node_id: nodeId }, timestamp: stdTimeFunctions.isoTime, formatters: { level: (level: string) => ({ level }) } };
	const log = pino(options, file);
	const write = (level: LogLevel) => (message: string, fields?: Record<string, unknown>) => log[level](fields ?? {}, message);
	return { info: write("info"), warn: write("warn"), error: write("error") };
}
