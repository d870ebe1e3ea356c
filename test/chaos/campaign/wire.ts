/** A cable between two programs that can be cut: what TCP does when a machine or a network goes without a word. */
import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

interface Pair {
	readonly near: Socket;
	readonly far: Socket;
	/** Its far end has forgotten it: nothing comes back, and what is sent there is lost. */
	isHalfOpen: boolean;
}

export class Wire {
	readonly #server: Server;
	readonly #target: () => number;
	readonly #pairs = new Set<Pair>();
	#isDark = false;

	private constructor(target: () => number) {
		this.#target = target;
		this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (near) => this.#join(near));
	}

	/** `target` is asked at each connection. */
	static async open(target: () => number): Promise<Wire> {
		const wire = new Wire(target);
		wire.#server.listen(0, "127.0.0.1");
		await once(wire.#server, "listening");
		return wire;
	}

	get port(): number {
		const address = this.#server.address();
		return typeof address === "object" && address ? address.port : 0;
	}

	get url(): string {
		return `http://127.0.0.1:${this.port}`;
	}

	/** From now on nothing passes, and nobody is told. */
	goDark(): void {
		this.#isDark = true;
		for (const { near, far } of this.#pairs) for (const end of [near, far]) end.pause();
	}

	/** What was under way arrives late, as it does when a network comes back. */
	goLight(): void {
		this.#isDark = false;
		for (const { near, far } of this.#pairs) for (const end of [near, far]) end.resume();
	}

	/** The far ends of all connections are gone without a word to the near ones. New connections work. */
	forget(): void {
		for (const pair of this.#pairs) {
			pair.isHalfOpen = true;
			pair.far.destroy();
		}
	}

	/** Whoever still holds a half-open connection hears of it, as from a machine that has started again. */
	remember(): void {
		for (const { near, isHalfOpen } of this.#pairs) if (isHalfOpen) near.resetAndDestroy();
	}

	async stop(): Promise<void> {
		const closed = once(this.#server, "close");
		this.#server.close();
		for (const { near, far } of this.#pairs) for (const end of [near, far]) end.destroy();
		await closed;
	}

	#join(near: Socket): void {
		const far = connect({ host: "127.0.0.1", port: this.#target(), noDelay: true, allowHalfOpen: true });
		const pair: Pair = { near, far, isHalfOpen: false };
		this.#pairs.add(pair);
		const joint = { isJoined: () => !pair.isHalfOpen, isDark: () => this.#isDark };
		carry(near, far, joint);
		carry(far, near, joint);
		near.once("close", () => this.#pairs.delete(pair));
		if (this.#isDark) for (const end of [near, far]) end.pause();
	}
}

/** One direction: bytes, end and break. */
function carry(from: Socket, to: Socket, { isJoined, isDark }: { isJoined: () => boolean; isDark: () => boolean }): void {
	from.on("data", (chunk: Buffer) => {
		if (!isJoined() || to.destroyed) return;
		if (!to.write(chunk)) {
			from.pause();
			to.once("drain", () => isDark() || from.resume());
		}
	});
	from.on("end", () => isJoined() && to.end());
	from.on("error", () => isJoined() && to.resetAndDestroy());
	from.on("close", () => isJoined() && to.destroySoon());
}
