/** What may be asked about benchmarks from outside the Fleet object. Runs that are over are read from the database by whoever asks. */
import { RpcTarget } from "cloudflare:workers";
import type { BenchmarkProgress, BenchmarkWish } from "../../protocol/benchmarks.ts";
import type { Bench, Started } from "./bench.ts";

export class BenchmarkDesk extends RpcTarget {
	readonly #bench: Bench;

	constructor(bench: Bench) {
		super();
		this.#bench = bench;
	}

	progress(): BenchmarkProgress {
		return this.#bench.progress;
	}

	/** Refused while another runs, and when there is nothing to measure. */
	start(wish: BenchmarkWish): Promise<Started> {
		return this.#bench.start(wish);
	}

	/** False when none runs. */
	cancel(): boolean {
		return this.#bench.cancel("cancelled");
	}

	/** The router is about to end. */
	interrupt(): boolean {
		return this.#bench.cancel("interrupted");
	}
}
