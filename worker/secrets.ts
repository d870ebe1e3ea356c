/** Making and comparing secrets. */

const SECRET_BYTES = 32;

/** 256 random bits, URL-safe. */
export function newSecret(): string {
	const bytes = crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
	return btoa(String.fromCharCode(...bytes))
		.replaceAll("+", "-")
		.replaceAll("/", "_")
		.replaceAll("=", "");
}

/**
 * Takes the same time wherever two secrets of one length differ. False when either is absent or empty, so that an unset secret
 * opens nothing. (workerd's own `timingSafeEqual` is missing in Node, where the pure code is tested.)
 */
export function sameSecret(given: string | undefined, expected: string | undefined): boolean {
	if (!given || !expected) return false;
	const encoder = new TextEncoder();
	const [left, right] = [encoder.encode(given), encoder.encode(expected)];
	let difference = left.byteLength ^ right.byteLength;
	for (const [index, byte] of left.entries()) difference |= byte ^ (right[index] ?? 0);
	return difference === 0;
}

/** The token of `Authorization: Bearer TOKEN`. */
export function bearerOf(header: string | null | undefined): string | undefined {
	return /^Bearer\s+(\S+)$/i.exec(header ?? "")?.[1];
}
