/**
 * The real statuses of answers that had to be cut because they had begun with blanks. Most clients repeat such a request by
 * themselves, and are given the status then. In memory, for a minute, as hashes: a loss costs one more try.
 */
import { latin1 } from "../../protocol/latin1.ts";
import { bearerOf } from "../../secrets.ts";

const KEEP_MS = 60_000;
/** A client repeats twice. Later ones are somebody's new try. */
const GIVEN_TIMES = 2;
const MAX_KEPT = 200;
/** An error text longer than this is not an error text. */
const MAX_CHARACTERS = 65_536;

export interface KeptFailure {
	readonly status: number;
	readonly contentType: string;
	readonly retryAfter: string | undefined;
	readonly body: string;
}

/** What makes a request the repeat of another. */
export interface Repeatable {
	readonly path: string;
	readonly headers: Headers;
	readonly body: Uint8Array;
}

export class KeptFailures {
	readonly #kept = new Map<string, { failure: KeptFailure; until: number; left: number }>();

	keep(key: string, failure: KeptFailure, now: number): void {
		this.#kept.delete(key);
		this.#kept.set(key, { failure: { ...failure, body: failure.body.slice(0, MAX_CHARACTERS) }, until: now + KEEP_MS, left: GIVEN_TIMES });
		const [oldest] = this.#kept.keys();
		if (this.#kept.size > MAX_KEPT && oldest !== undefined) this.#kept.delete(oldest);
	}

	/** Costs nothing while nothing is kept, which is nearly always. */
	async find(request: Repeatable, secret: string, now: number): Promise<KeptFailure | undefined> {
		for (const [key, { until }] of this.#kept) if (until <= now) this.#kept.delete(key);
		if (this.#kept.size === 0) return undefined;
		const key = await repeatKey(request, secret);
		const found = this.#kept.get(key);
		if (found && --found.left === 0) this.#kept.delete(key);
		return found?.failure;
	}
}

/** Equal for equal requests of one sender; `secret` makes it worthless elsewhere. */
export async function repeatKey({ path, headers, body }: Repeatable, secret: string): Promise<string> {
	const sender = headers.get("x-api-key") ?? bearerOf(headers.get("authorization")) ?? "";
	const head = new TextEncoder().encode(JSON.stringify([secret, path, sender]));
	const whole = new Uint8Array(head.byteLength + body.byteLength);
	whole.set(head);
	whole.set(body, head.byteLength);
	return latin1(new Uint8Array(await crypto.subtle.digest("SHA-256", whole)));
}
