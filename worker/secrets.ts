/** Making and comparing secrets. */

const SECRET_BYTES = 32;

/** 256 random bits, URL-safe. */
export function newSecret(): string {
	const bytes = crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
	return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** Constant-time for equal lengths. False when either is absent or empty, so that an unset secret opens nothing. */
export function sameSecret(given: string | undefined, expected: string | undefined): boolean {
	if (!given || !expected) return false;
	const encoder = new TextEncoder();
	const [left, right] = [encoder.encode(given), encoder.encode(expected)];
	return left.byteLength === right.byteLength && crypto.subtle.timingSafeEqual(left, right);
}

/** The token of `Authorization: Bearer TOKEN`. */
export function bearerOf(header: string | null | undefined): string | undefined {
	return /^Bearer\s+(\S+)$/i.exec(header ?? "")?.[1];
}
