/** What may be asked about metrics, health and live events from outside the Fleet object. */
import { RpcTarget } from "cloudflare:workers";
import type { HealthReport } from "../../protocol/health.ts";
import type { WatchWish } from "../live/watcher.ts";
import type { Observatory } from "./observatory.ts";

export class ObservingDesk extends RpcTarget {
	readonly #observatory: Observatory;

	constructor(observatory: Observatory) {
		super();
		this.#observatory = observatory;
	}

	health(): HealthReport {
		return this.#observatory.health();
	}

	/** In Prometheus' text format. */
	metrics(): string {
		return this.#observatory.metrics();
	}

	/** Undefined when too many watch already. */
	watch(wish: WatchWish): ReadableStream<Uint8Array> | undefined {
		return this.#observatory.watch(wish);
	}

	/** A reader has left. */
	leave(watchId: string): void {
		this.#observatory.leave(watchId);
	}
}
