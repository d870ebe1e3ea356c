/** Where the admin key hides in the link that the router prints: `/dashboard#key=…`. Pure. */

/** The key in an address's hash; absent when there is none. */
export function keyInHash(hash: string): string | undefined {
	const key = new URLSearchParams(hash.replace(/^#/, "")).get("key");
	return key || undefined;
}

/** The same hash without the key. */
export function hashWithoutKey(hash: string): string {
	const rest = new URLSearchParams(hash.replace(/^#/, ""));
	rest.delete("key");
	return rest.size > 0 ? `#${rest}` : "";
}
