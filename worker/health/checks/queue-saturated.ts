/** More comes in than the machines get done. */
import { type Check } from "../check.ts";
import { count, secondsText } from "../readings.ts";

const LONG_MS = 60_000;
const NEARLY_FULL_RATIO = 0.8;

export const queueSaturated: Check = {
	id: "queue_saturated",
	firesAfterMs: 10_000,
	clearsAfterMs: 30_000,
	find: ({ queue: { waiting, mostWaiting, longestWaitMs, longestWaitModel } }) => {
		const isNearlyFull = waiting > 0 && waiting >= NEARLY_FULL_RATIO * mostWaiting;
		if (!isNearlyFull && longestWaitMs < LONG_MS) return [];
		return [
			{
				severity: isNearlyFull ? "critical" : "warning",
				title: isNearlyFull ? "The queue is nearly full" : "Requests wait long",
				description: `${count(waiting, "request")} of at most ${mostWaiting} wait, the longest for ${secondsText(longestWaitMs)}${longestWaitModel ? `, for ${longestWaitModel}` : ""}.`,
				fix: "Pull the model on another machine, raise OLLAMA_NUM_PARALLEL where memory is free, or send work nobody waits for as `X-Fleet-Class: batch`.",
				data: { waiting, most_waiting: mostWaiting, longest_wait_s: Math.round(longestWaitMs / 1000), model: longestWaitModel },
			},
		];
	},
};
