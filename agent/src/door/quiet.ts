/** Requests at the door through which nothing comes back: only here it is seen whether an answer still moves. */
import type { ServerResponse } from "node:http";

/** One beat. What is quiet for less is not worth a word. */
const QUIET_FROM_MS = 5_000;

/** A quiet request, as a beat lists it. */
export interface Quiet {
	request_id: string;
	quiet_ms: number;
}

interface Watched {
	readonly response: ServerResponse;
	bytes: number;
	movedAt: number;
}

export class QuietWatch {
	readonly #watched = new Map<string, Watched>();

	/** `now` in milliseconds of a clock that never jumps. The function returned ends the watch. */
	begin(id: string, response: ServerResponse, now: number): () => void {
		const watched = { response, bytes: writtenTo(response), movedAt: now };
		this.#watched.set(id, watched);
		return () => {
			if (this.#watched.get(id) === watched) this.#watched.delete(id);
		};
	}

	/** Looks once a beat, so that no byte on its way costs anything. */
	look(now: number): Quiet[] {
		const quiet: Quiet[] = [];
		for (const [id, watched] of this.#watched) {
			const bytes = writtenTo(watched.response);
			if (bytes !== watched.bytes) Object.assign(watched, { bytes, movedAt: now });
			if (now - watched.movedAt >= QUIET_FROM_MS) quiet.push({ request_id: id, quiet_ms: now - watched.movedAt });
		}
		return quiet;
	}
}

function writtenTo({ socket }: ServerResponse): number {
	return socket?.bytesWritten ?? 0;
}
