/** Keeps what was changed of the settings at run time, over restarts too, with who changed what. */
import * as z from "zod";
import { log } from "../../log.ts";
import { type SettingChange, SettingChangeSchema } from "../../protocol/settings.ts";
import { stillValid } from "../../settings/change.ts";
import { NO_OVERRIDES, type Overrides, putInForce } from "../../settings/in-force.ts";

const KEY = "settings";
const MOST_CHANGES = 200;

const Saved = z.object({
	version: z.number(),
	values: z.record(z.string(), z.string()),
	/** Newest first. */
	changes: z.array(SettingChangeSchema),
});

export class SettingsKeeper {
	readonly #storage: DurableObjectStorage;
	#overrides: Overrides = NO_OVERRIDES;
	#changes: readonly SettingChange[] = [];

	constructor(storage: DurableObjectStorage) {
		this.#storage = storage;
	}

	async restore(): Promise<void> {
		const saved = Saved.safeParse(await this.#storage.get(KEY));
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

	/** In force once it is stored. */
	async change(values: ReadonlyMap<string, string | null>, toChanges: (next: Overrides) => readonly SettingChange[]): Promise<void> {
		const kept = Object.entries({ ...this.#overrides.values, ...Object.fromEntries(values) });
		const next = {
			version: this.#overrides.version + 1,
			values: Object.fromEntries(kept.flatMap(([name, text]) => (text === null ? [] : [[name, text] as const]))),
		};
		const changes = [...toChanges(next), ...this.#changes].slice(0, MOST_CHANGES);
		await this.#storage.put(KEY, { ...next, changes });
		this.#overrides = next;
		this.#changes = changes;
		this.say();
	}
}
