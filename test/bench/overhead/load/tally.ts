/** What a slice has measured so far. */
import type { SliceResult } from "../messages.ts";

export class Tally {
	readonly opensAt: number;
	readonly closesAt: number;
	readonly #firstByteMs: number[] = [];
	readonly #gapMs: number[] = [];
	readonly #transitMs: number[] = [];
	readonly #failures = new Map<string, number>();
	#finished = 0;
	#finishedInWindow = 0;
	#chunksInWindow = 0;

	constructor({ opensAt, closesAt }: { opensAt: number; closesAt: number }) {
		this.opensAt = opensAt;
		this.closesAt = closesAt;
	}

	firstByte(afterMs: number): void {
		this.#firstByteMs.push(afterMs);
	}

	chunk(at: number, { sentAt, previousAt }: { sentAt: number; previousAt: number | undefined }): void {
		this.#transitMs.push(at - sentAt);
		if (previousAt !== undefined) this.#gapMs.push(at - previousAt);
		if (this.#inWindow(at)) this.#chunksInWindow++;
	}

	finish(at: number): void {
		this.#finished++;
		if (this.#inWindow(at)) this.#finishedInWindow++;
	}

	fail(cause: string): void {
		this.#failures.set(cause, (this.#failures.get(cause) ?? 0) + 1);
	}

	result(): SliceResult {
		return {
			firstByteMs: this.#firstByteMs,
			gapMs: this.#gapMs,
			transitMs: this.#transitMs,
			finished: this.#finished,
			failed: [...this.#failures.values()].reduce((total, count) => total + count, 0),
			failures: Object.fromEntries(this.#failures),
			finishedInWindow: this.#finishedInWindow,
			chunksInWindow: this.#chunksInWindow,
			windowMs: this.closesAt - this.opensAt,
		};
	}

	#inWindow(at: number): boolean {
		return at >= this.opensAt && at <= this.closesAt;
	}
}
