/** Keeps what was changed of the settings at run time, over restarts too, with who changed what. */
import * as z from "zod";
import { log } from "../../log.ts";
import { type SettingChange, SettingChangeSchema } from "../../protocol/settings.ts";
import { stillValid } from "../../settings/change.ts";
import type { Savings } from "../savings.ts";
import { NO_OVERRIDES, type Overrides, putInForce } from "../../settings/in-force.ts";

export const SETTINGS_KEY = "settings";
const MOST_CHANGES = 200;

const Saved = z.object({
	version: z.number(),
	values: z.record(z.string(), z.string()),
	/** Newest first. */
	changes: z.array(SettingChangeSchema),
});

export class SettingsKeeper {
	readonly #savings: Savings;
	#overrides: Overrides = NO_OVERRIDES;
	#changes: readonly SettingChange[] = [];

	constructor(savings: Savings) {
		this.#savings = savings;
	}

	restore(value: unknown): void {
		const saved = Saved.safeParse(value);
		if (saved.success) {
			const values = stillValid(saved.data.values);
			const dropped = Object.keys(saved.data.values).filter((name) => values[name] === undefined);
			if (dropped.length > 0) log("warn", "Settings changed at run time no longer hold for this version", { dropped });
			this.#overrides = { version: saved.data.version, values };
			this.#changes = saved.data.changes;
		}
		this.say();
	}

	get overrides(): Overrides {
		return this.#overrides;
	}

	get changes(): readonly SettingChange[] {
		return this.#changes;
	}

	/** To be called every second: this isolate then never has to ask. */
	say(): void {
		putInForce(this.#overrides, Date.now());
	}

	/** In force at once, so that changes never cross; taken back, and rejects, when the disk takes nothing. */
	async change(values: ReadonlyMap<string, string | null>, toChanges: (next: Overrides) => readonly SettingChange[]): Promise<void> {
		const [before, changesBefore] = [this.#overrides, this.#changes];
		const kept = Object.entries({ ...before.values, ...Object.fromEntries(values) });
		const next = {
			version: before.version + 1,
			values: Object.fromEntries(kept.flatMap(([name, text]) => (text === null ? [] : [[name, text] as const]))),
		};
		this.#put(next, [...toChanges(next), ...changesBefore].slice(0, MOST_CHANGES));
		try {
			await this.#savings.settled();
		} catch (error) {
			if (this.#overrides === next) this.#put({ ...before, version: next.version + 1 }, changesBefore);
			throw error;
		}
	}

	#put(overrides: Overrides, changes: readonly SettingChange[]): void {
		this.#overrides = overrides;
		this.#changes = changes;
		this.#savings.put(SETTINGS_KEY, { ...overrides, changes });
		this.say();
	}
}
