/** Runs one slice of load, in closed or open loop, until its last answer is in. */
import { setTimeout as delay } from "node:timers/promises";
import { sharedNowMs } from "../clock.ts";
import type { Arrivals, Slice, SliceResult } from "../messages.ts";
import { sendChat } from "./chat.ts";
import { Tally } from "./tally.ts";

/** A server that refuses everything must not turn the closed loop into a busy one. */
const PAUSE_AFTER_FAILURE_MS = 10;
/** Timers of Node are this coarse; up to here the lateness is the timer's, beyond it the generator was held up. */
const TIMER_GRAIN_MS = 2;

export async function runSlice(slice: Slice): Promise<SliceResult> {
	const { arrivals, forMs } = slice;
	const opensAt = sharedNowMs() + (arrivals.kind === "streams" ? arrivals.spreadMs : 0);
	const tally = new Tally({ opensAt, closesAt: opensAt + forMs });
	const send = (countedFrom: number) => sendChat(slice, tally, countedFrom);
	if (arrivals.kind === "streams") await keepStreams(arrivals, tally.closesAt, send);
	else await keepRate(arrivals.perSecond, tally, send);
	return tally.result();
}

type Send = (countedFrom: number) => Promise<boolean>;

async function keepStreams({ count, spreadMs }: Extract<Arrivals, { kind: "streams" }>, until: number, send: Send): Promise<void> {
	const keepOne = async (index: number) => {
		if (spreadMs > 0) await delay((spreadMs * index) / count);
		while (sharedNowMs() < until) if (!(await send(sharedNowMs()))) await delay(PAUSE_AFTER_FAILURE_MS);
	};
	await Promise.all(Array.from({ length: count }, (_, index) => keepOne(index)));
}

async function keepRate(perSecond: number, { opensAt, closesAt }: Pick<Tally, "opensAt" | "closesAt">, send: Send): Promise<void> {
	const running: Promise<boolean>[] = [];
	for (let index = 0; ; index++) {
		const dueAt = opensAt + (index * 1000) / perSecond;
		if (dueAt >= closesAt) break;
		const early = dueAt - sharedNowMs();
		if (early > 0) await delay(early);
		running.push(send(effectiveStart(dueAt, sharedNowMs())));
	}
	await Promise.all(running);
}

/** A request that the generator itself sends late has waited since it was due. */
function effectiveStart(dueAt: number, now: number): number {
	return now - dueAt > TIMER_GRAIN_MS ? dueAt : now;
}
