/** All clients of a storm: those under way, and what those before them saw. */
import { setTimeout as pause } from "node:timers/promises";
import { until } from "../../journeys/until.ts";
import type { Ask } from "./ask.ts";
import { type Seen, Visitor } from "./visitor.ts";

/** A client that finds no router tries again after a while, as people do. */
const TRY_AGAIN_MS = 200;

export class Traffic {
	readonly #port: number;
	readonly #visitors = new Set<Visitor>();
	readonly seen: Seen[] = [];
	begun = 0;
	#isOver = false;

	constructor(port: number) {
		this.#port = port;
	}

	/** So many clients at a time ask one thing after the other, until the function returned is called; it waits for all. */
	flow(line: Iterator<Ask, never>, clients: number): () => Promise<void> {
		const client = async () => {
			while (!this.#isOver) await this.send(line.next().value);
		};
		const flowing = Array.from({ length: clients }, client);
		return async () => {
			this.#isOver = true;
			await Promise.all(flowing);
			while (this.#visitors.size > 0) await Promise.all([...this.#visitors].map(({ seen }) => seen));
		};
	}

	/** Resolves once this client is through, whatever came of it. */
	async send(ask: Ask): Promise<Seen> {
		const visitor = new Visitor(this.#port, ask);
		this.begun++;
		this.#visitors.add(visitor);
		const seen = await visitor.seen;
		this.#visitors.delete(visitor);
		this.seen.push(seen);
		if (seen.end === "unreachable") await pause(TRY_AGAIN_MS);
		return seen;
	}

	/** Resolves once the client of this tag has heard the first token of a machine. */
	async hears(tag: string, nodeId: string): Promise<void> {
		await until(`${tag} hears ${nodeId}`, () => this.#visitor(tag)?.heard.includes(`${nodeId}/`));
	}

	hasHeard(tag: string): boolean {
		return (this.#visitor(tag)?.heard.length ?? 0) > 0;
	}

	#visitor(tag: string): Visitor | undefined {
		return [...this.#visitors].find(({ ask }) => ask.tag === tag);
	}
}
