/** What the requests of the last 24 hours add up to, in parts of ten minutes. */
import { PART_S, type TotalsPart } from "../../protocol/day-totals.ts";
import type { Trace } from "../../protocol/trace.ts";

const PARTS = (24 * 3600) / PART_S;

export class DaySums {
	readonly #parts = new Map<number, TotalsPart>();

	add(trace: Trace, { loaded }: { loaded: boolean }): void {
		const { status, time_to_first_token_ms: firstMs } = trace;
		const part = partAt(trace.timestamp);
		this.include({
			part,
			requests: 1,
			failed: Number(status === "failed"),
			retries: trace.retry_count,
			disconnects: Number(status === "client_disconnected"),
			incomplete: Number(status === "incomplete"),
			loads: Number(loaded),
			firstTokens: Number(firstMs !== null),
			firstTokensMs: firstMs ?? 0,
		});
	}

	include(more: TotalsPart): void {
		const before = this.#parts.get(more.part);
		this.#parts.set(more.part, before ? sum(before, more) : more);
		if (!before) this.#forgetBefore(more.part - PARTS);
	}

	#forgetBefore(last: number): void {
		for (const part of this.#parts.keys()) if (part <= last) this.#parts.delete(part);
	}

	/** `now` is epoch milliseconds. */
	total(now: number): TotalsPart {
		const since = partAt(now / 1000) - PARTS;
		return [...this.#parts.values()].filter(({ part }) => part > since).reduce(sum, nothing(since));
	}
}

function partAt(seconds: number): number {
	return Math.floor(seconds / PART_S);
}

function nothing(part: number): TotalsPart {
	return { part, requests: 0, failed: 0, retries: 0, disconnects: 0, incomplete: 0, loads: 0, firstTokens: 0, firstTokensMs: 0 };
}

function sum(a: TotalsPart, b: TotalsPart): TotalsPart {
	return {
		part: a.part,
		requests: a.requests + b.requests,
		failed: a.failed + b.failed,
		retries: a.retries + b.retries,
		disconnects: a.disconnects + b.disconnects,
		incomplete: a.incomplete + b.incomplete,
		loads: a.loads + b.loads,
		firstTokens: a.firstTokens + b.firstTokens,
		firstTokensMs: a.firstTokensMs + b.firstTokensMs,
	};
}
