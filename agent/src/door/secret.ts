import { createHash, timingSafeEqual } from "node:crypto";

const BEARER = /^Bearer +(\S+) *$/i;

/** Whether the header carries the secret. Hashes are compared, so that neither content nor length shows in the time taken. */
export function carriesSecret(authorization: string | undefined, secret: string | undefined): boolean {
	const given = BEARER.exec(authorization ?? "")?.[1];
	if (given === undefined || secret === undefined) return false;
	return timingSafeEqual(digest(given), digest(secret));
}

function digest(text: string): Buffer {
	return createHash("sha256").update(text).digest();
}
