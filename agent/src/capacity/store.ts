/** What was learned, in a file of the data folder: a few kilobytes, whatever time it stands for. */
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { WEEK_HOURS } from "../../../worker/protocol/capacity.ts";
import type { SavedWeek } from "./week.ts";

/** When the owner is there is nobody else's business. */
const OWNER_ONLY = 0o600;

const MomentsSchema = z.object({
	hours: z.number().nonnegative(),
	mean: z.number().min(0).max(1),
	m2: z.number().nonnegative(),
	at: z.number(),
});
const FileSchema = z.object({ first_at: z.number(), slots: z.array(MomentsSchema.nullable()).length(WEEK_HOURS) });

export class WeekFile {
	readonly #path: string;
	#writing: Promise<void> = Promise.resolve();

	constructor(dataDir: string, nodeId: string) {
		this.#path = join(dataDir, `capacity-learner-${nodeId}.json`);
	}

	/** Undefined when there is none. One that can't be read is set aside: what it held is learned anew. */
	async read(): Promise<SavedWeek | "set-aside" | undefined> {
		const text = await readFile(this.#path, "utf8").catch((error: NodeJS.ErrnoException) => {
			if (error.code === "ENOENT") return undefined;
			throw error;
		});
		if (text === undefined) return undefined;
		const parsed = FileSchema.safeParse(jsonOf(text));
		if (parsed.success) return { firstAt: parsed.data.first_at, slots: parsed.data.slots.map((slot) => slot ?? undefined) };
		await rename(this.#path, `${this.#path}.unreadable`);
		return "set-aside";
	}

	/** One after the other, written beside and renamed: a power cut leaves the old file or the new one. */
	write({ firstAt, slots }: SavedWeek): Promise<void> {
		const text = JSON.stringify({ first_at: firstAt, slots: slots.map((slot) => slot ?? null) });
		const written = this.#writing.then(() => this.#replace(text));
		this.#writing = written.catch(() => undefined);
		return written;
	}

	async #replace(text: string): Promise<void> {
		await writeFile(`${this.#path}.new`, text, { mode: OWNER_ONLY });
		await rename(`${this.#path}.new`, this.#path);
	}
}

function jsonOf(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
