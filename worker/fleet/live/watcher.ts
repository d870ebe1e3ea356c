/** One reader of a live stream. It gets what it can take: one that reads too slowly is let go. */

/** A reader this far behind is not coming back soon; it connects anew and gets a fresh picture. */
const MOST_BEHIND_MS = 20_000;
const MOST_BEHIND_BYTES = 4 * 1024 ** 2;

export type LiveForm = "fleet" | "origin";

export interface WatchWish {
	/** The reader's, for saying that it has left. */
	readonly id: string;
	readonly form: LiveForm;
	/** What a reader that comes back says it got last. */
	readonly lastEventId: string | undefined;
}

export interface Pipe {
	readonly readable: ReadableStream<Uint8Array>;
	readonly writable: WritableStream<Uint8Array>;
}

export class Watcher {
	readonly id: string;
	readonly form: LiveForm;
	readonly stream: ReadableStream<Uint8Array>;
	readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
	/** When each part that is not read yet was written, oldest first. */
	readonly #unread: { readonly at: number; readonly bytes: number }[] = [];
	readonly #left: (watcher: Watcher) => void;
	#unreadBytes = 0;
	#gone = false;

	/** `pipe` holds nothing back: what is written is written when it is read. `left` is called once, when the reader has gone. */
	constructor({ id, form }: WatchWish, { readable, writable }: Pipe, left: (watcher: Watcher) => void) {
		this.id = id;
		this.form = form;
		this.stream = readable;
		this.#left = left;
		this.#writer = writable.getWriter();
		void this.#writer.closed.catch(() => undefined).finally(() => this.#end());
	}

	write(bytes: Uint8Array, now: number): void {
		if (this.#gone) return;
		this.#unread.push({ at: now, bytes: bytes.byteLength });
		this.#unreadBytes += bytes.byteLength;
		this.#writer.write(bytes).then(
			() => (this.#unreadBytes -= this.#unread.shift()?.bytes ?? 0),
			() => this.#end(),
		);
	}

	isBehind(now: number): boolean {
		const [oldest] = this.#unread;
		return oldest !== undefined && (now - oldest.at > MOST_BEHIND_MS || this.#unreadBytes > MOST_BEHIND_BYTES);
	}

	/** At once: what is still being written need not end first. */
	drop(): void {
		this.#end();
		void this.#writer.abort().catch(() => undefined);
	}

	#end(): void {
		if (this.#gone) return;
		this.#gone = true;
		this.#left(this);
	}
}
