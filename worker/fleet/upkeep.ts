/** What the database needs from time to time: counting, and dropping what is old; a little at a time, since any query holds up the streams. */
import { log } from "../log.ts";

const EVERY_MS = 60_000;
/** With more to do: long enough for the streams to catch up. */
const SOON_MS = 100;

/** Does a bounded piece of work; true while there may be more. */
export type Chore = () => Promise<boolean>;

export class Upkeep {
	readonly #chores: Readonly<Record<string, Chore>>;
	readonly #ailing = new Set<string>();

	constructor(chores: Readonly<Record<string, Chore>>) {
		this.#chores = chores;
	}

	start(): void {
		setTimeout(() => void this.#round(), EVERY_MS);
	}

	async #round(): Promise<void> {
		let more = false;
		for (const [name, chore] of Object.entries(this.#chores)) more = (await this.#run(name, chore)) || more;
		setTimeout(() => void this.#round(), more ? SOON_MS : EVERY_MS);
	}

	/** Says once that something fails, until it works again. */
	async #run(name: string, chore: Chore): Promise<boolean> {
		try {
			const more = await chore();
			this.#ailing.delete(name);
			return more;
		} catch (error) {
			if (!this.#ailing.has(name)) log("warn", "Upkeep of the traces failed, this is tried again", { chore: name, error: String(error) });
			this.#ailing.add(name);
			return false;
		}
	}
}
