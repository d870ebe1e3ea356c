/** What a test can make a simulated machine do wrong. Changed at any time, through the object a server hands out. */

export interface Faults {
	/** The next loads fail with this text (500). */
	loadFailure: string | undefined;
	/** Loads take this many times as long. */
	loadSlowdown: number;
	/** All memory bandwidth is this many times slower, as on a hot machine. */
	thermalSlowdown: number;
	/** Inference answers 503 with Ollama's full-queue text. */
	queueFull: boolean;
	/** Connections are reset when their request arrives. */
	reset: boolean;
	/** Connections are accepted and never answered. */
	hang: boolean;
	/** Inference is answered with a 500, with bytes that are no HTTP, or with another program's page. */
	reply: WrongReply | undefined;
	/** `/api/ps` goes on saying what it said last. */
	psStale: boolean;
	/** The first token of an answer has so many characters. */
	longTokenCharacters: number;
	/** `/api/ps` answers only after so long. */
	psDelayMs: number;
	/** Added to every `created_at`. */
	clockSkewMs: number;
	/** A stream breaks in this way after so many chunks. */
	stream: { kind: StreamFault; afterChunks: number } | undefined;
	/** Characters are split over two segments in the middle of their bytes. */
	splitCharacters: boolean;
	/** Two lines travel in one segment. */
	joinLines: boolean;
}

/** How a stream can break: an error line, a clean end without `done`, a reset in the middle of a line, silence. */
export type StreamFault = "error-line" | "end-without-done" | "reset" | "hang";

export type WrongReply = "error" | "garbage" | "page";

export function noFaults(): Faults {
	return {
		loadFailure: undefined,
		loadSlowdown: 1,
		thermalSlowdown: 1,
		queueFull: false,
		reset: false,
		hang: false,
		reply: undefined,
		psStale: false,
		longTokenCharacters: 0,
		psDelayMs: 0,
		clockSkewMs: 0,
		stream: undefined,
		splitCharacters: false,
		joinLines: false,
	};
}
