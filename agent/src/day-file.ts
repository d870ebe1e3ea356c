/** A file in the logs folder that carries its day in its name once that is over; thirty days are kept. */
import { existsSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { destination } from "pino";

const KEPT_DAYS = 30;

export interface DayFileOptions {
	folder: string;
	/** `herd-node` for `herd-node.jsonl` and `herd-node.2026-03-01.jsonl`. */
	name: string;
	extension: string;
	now: () => Date;
}

/** Anything that takes text. */
export interface TextSink {
	write(text: string): void;
}

/** There are few lines, so each is written at once and none is lost in a crash. Throws when the file can't be made. */
export function openDayFile({ folder, name, extension, now }: DayFileOptions): TextSink {
	const path = join(folder, `${name}.${extension}`);
	let day = lastDayOf(path) ?? dayOf(now());
	const file = destination({ dest: path, mkdir: true, sync: true });
	// A full disk must cost log lines, not the agent
	file.on("error", () => undefined);
	const turnPage = () => {
		const kept = join(folder, `${name}.${day}.${extension}`);
		// Another agent with this data folder may have done it already.
		if (!existsSync(kept) && existsSync(path)) renameSync(path, kept);
		file.reopen();
		day = dayOf(now());
		removeOld({ folder, name, extension });
	};
	removeOld({ folder, name, extension });
	return {
		write(text) {
			if (dayOf(now()) !== day) turnPage();
			file.write(text);
		},
	};
}

/** Days sort as their names do. */
function removeOld({ folder, name, extension }: Omit<DayFileOptions, "now">): void {
	const isDay = (file: string) =>
		file.startsWith(`${name}.`) &&
		file.endsWith(`.${extension}`) &&
		/^\d{4}-\d\d-\d\d$/.test(file.slice(name.length + 1, -extension.length - 1));
	const days = readdirSync(folder).filter(isDay).toSorted();
	for (const old of days.slice(0, -KEPT_DAYS)) rmSync(join(folder, old), { force: true });
}

function lastDayOf(path: string): string | undefined {
	const stats = statSync(path, { throwIfNoEntry: false });
	return stats === undefined ? undefined : dayOf(stats.mtime);
}

/** In UTC, as the times in the lines. */
function dayOf(date: Date): string {
	return date.toISOString().slice(0, 10);
}
