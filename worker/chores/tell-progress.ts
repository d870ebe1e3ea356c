/** Reads how far a client's pull is out of what passes to the client, and tells it now and then. */
import { type PullLine, PullLineSchema } from "../protocol/manage.ts";

/** Ollama writes some sixteen lines a second. */
const TELL_EVERY_MS = 500;
/** A line of progress has a few hundred; what is longer is none. */
const MAX_LINE_CHARACTERS = 65_536;

export interface ProgressPorts {
	/** Epoch milliseconds. */
	readonly now: () => number;
	readonly tell: (lines: readonly PullLine[]) => void;
}

export class ProgressTeller {
	readonly #ports: ProgressPorts;
	readonly #decoder = new TextDecoder();
	/** The latest line of each layer, by digest. */
	readonly #latest = new Map<string, PullLine>();
	#rest = "";
	#toldAt = Number.NEGATIVE_INFINITY;

	constructor(ports: ProgressPorts) {
		this.#ports = ports;
	}

	see(chunk: Uint8Array): void {
		const lines = (this.#rest + this.#decoder.decode(chunk, { stream: true })).split("\n");
		this.#rest = (lines.pop() ?? "").slice(-MAX_LINE_CHARACTERS);
		for (const line of lines) this.#note(line);
		const now = this.#ports.now();
		if (this.#latest.size === 0 || now - this.#toldAt < TELL_EVERY_MS) return;
		this.#toldAt = now;
		this.#ports.tell([...this.#latest.values()]);
		this.#latest.clear();
	}

	#note(text: string): void {
		try {
			const line = PullLineSchema.safeParse(JSON.parse(text));
			if (line.success) this.#latest.set(line.data.digest ?? "", pick(line.data));
		} catch {
			// The client will see it too
		}
	}
}

/** A node may write anything beside. */
function pick({ status, digest, total, completed }: PullLine): PullLine {
	return {
		...(status !== undefined && { status }),
		...(digest !== undefined && { digest }),
		...(total !== undefined && { total }),
		...(completed !== undefined && { completed }),
	};
}
