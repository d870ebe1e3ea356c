/** The admin key: taken from the link the router prints, kept for this tab only. */
import { hashWithoutKey, keyInHash } from "./key-in-hash.ts";

const STORED_AS = "herd-admin-key";

/** Also held here, because a browser may forbid storage. */
let adminKey = storedKey();

export function currentAdminKey(): string | undefined {
	return adminKey;
}

/** Takes the key out of the address bar, so that it lands in no history, screenshot or copied link. */
export function adoptKeyFromAddress(): void {
	const key = keyInHash(location.hash);
	if (key === undefined) return;
	adminKey = key;
	storeKey(key);
	history.replaceState(history.state, "", location.pathname + location.search + hashWithoutKey(location.hash));
}

function storedKey(): string | undefined {
	try {
		return sessionStorage.getItem(STORED_AS) ?? undefined;
	} catch {
		return undefined;
	}
}

function storeKey(key: string): void {
	try {
		sessionStorage.setItem(STORED_AS, key);
	} catch {
		// The copy in memory lasts until the tab is reloaded.
	}
}
