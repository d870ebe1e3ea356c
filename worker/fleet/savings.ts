/** What the Fleet object wants kept, on its way to the vault. What the disk refuses is tried again with whatever comes next. */
import { log } from "../log.ts";

/** A value as JSON; undefined takes the key away. */
export type VaultEntry = readonly [key: string, json: string | undefined];
/** Durable Object storage takes so many at once. */
export const MOST_AT_ONCE = 100;

/** See there. */
export interface VaultPort {
	write(entries: readonly VaultEntry[]): Promise<void>;
}

export class Savings {
	/** A fresh stub each time: one of an object that has ended stays broken. */
	readonly #vault: () => VaultPort;
	/** The newest of each key. */
	readonly #pending = new Map<string, string | undefined>();
	#writing: Promise<void> | undefined;
	#isRefused = false;

	constructor(vault: () => VaultPort) {
		this.#vault = vault;
	}

	/** Anything that JSON can say; undefined takes the key away. */
	put(key: string, value: unknown): void {
		this.#pending.set(key, value === undefined ? undefined : JSON.stringify(value));
		this.settled().catch(() => undefined);
	}

	/** Resolves once everything put before is on the disk; rejects when the disk takes nothing now. */
	settled(): Promise<void> {
		this.#writing ??= this.#writeAll().finally(() => {
			this.#writing = undefined;
		});
		return this.#writing;
	}

	async #writeAll(): Promise<void> {
		// What is put in the same turn goes together
		await Promise.resolve();
		while (this.#pending.size > 0) {
			const batch = [...this.#pending].slice(0, MOST_AT_ONCE);
			for (const [key] of batch) this.#pending.delete(key);
			await this.#write(batch);
		}
	}

	async #write(batch: readonly VaultEntry[]): Promise<void> {
		try {
			await this.#vault().write(batch);
			if (this.#isRefused) log("info", "The fleet's state is saved again");
			this.#isRefused = false;
		} catch (error) {
			for (const [key, json] of batch) if (!this.#pending.has(key)) this.#pending.set(key, json);
			if (!this.#isRefused) log("error", "The fleet's state could not be saved, this is tried again", { error: String(error) });
			this.#isRefused = true;
			throw error;
		}
	}
}
