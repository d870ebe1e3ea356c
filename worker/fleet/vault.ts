/**
 * Keeps what outlives a restart, in an object of its own: a write that fails (a full disk) ends the object it is tried in, whoever
 * catches the error. So the Fleet object, which holds places and waiting requests, writes nothing itself.
 */
import { DurableObject } from "cloudflare:workers";
import type { Env } from "../env.ts";
import { MOST_AT_ONCE, type VaultEntry } from "./savings.ts";

export class Vault extends DurableObject<Env> {
	/** Up to `MOST_AT_ONCE`. Resolves once all are on the disk; rejects when none is. */
	async write(entries: readonly VaultEntry[]): Promise<void> {
		const kept = entries.filter(([, json]) => json !== undefined);
		const gone = entries.filter(([, json]) => json === undefined).map(([key]) => key);
		await this.ctx.storage.transaction(async (transaction) => {
			if (kept.length > 0) await transaction.put(Object.fromEntries(kept));
			if (gone.length > 0) await transaction.delete(gone);
		});
	}

	/** In the order of their keys: a whole fleet is more than one call may carry. */
	page(startAfter: string | undefined): Promise<Map<string, string>> {
		return this.ctx.storage.list<string>({ limit: MOST_AT_ONCE, ...(startAfter !== undefined && { startAfter }) });
	}
}

/** Everything in it, by key. */
export async function readVault(vault: DurableObjectStub<Vault>): Promise<Map<string, unknown>> {
	const all = new Map<string, unknown>();
	for (let last: string | undefined; ;) {
		const page = await vault.page(last);
		for (const [key, json] of page) all.set(key, JSON.parse(json));
		if (page.size < MOST_AT_ONCE) return all;
		last = [...page.keys()].at(-1);
	}
}
