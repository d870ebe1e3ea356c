/** Ctrl-C and its kin. */
import { constants } from "node:os";
import type { Agent } from "./agent.ts";
import type { Logger } from "./log.ts";
import { stillRun } from "./owner-commands.ts";

/** A person can see what runs and press again; whatever else ends a program cuts it off itself before long. */
const PATIENCE_MS = { SIGINT: Number.POSITIVE_INFINITY, SIGTERM: 10_000, SIGHUP: 10_000 };
type Signal = keyof typeof PATIENCE_MS;

/** The first signal leaves cleanly, the same one again ends at once; a forked agent goes with its parent. */
export function stopOnSignals(agent: Agent, log: Logger): void {
	const seen = new Set<Signal>();
	const leave = (why: string, patienceMs: number) => {
		if (seen.size <= 1) log.info(leavingLine(agent.running, why, patienceMs));
		void agent.stop(patienceMs).then(() => {
			log.info("Left");
			process.exit(0);
		});
	};
	const onSignal = (signal: Signal) => {
		// As shells have it
		if (seen.has(signal)) process.exit(128 + constants.signals[signal]);
		seen.add(signal);
		leave(signal, PATIENCE_MS[signal]);
	};
	for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, onSignal);
	if (process.channel) process.on("disconnect", () => leave("the parent has ended", PATIENCE_MS.SIGTERM));
}

function leavingLine(running: number, why: string, patienceMs: number): string {
	if (running === 0) return `Leaving the fleet (${why})`;
	const limit = Number.isFinite(patienceMs) ? ` for ${patienceMs / 1000} s at most` : "";
	return `Leaving the fleet (${why}): ${stillRun(running)}${limit}, Ctrl-C again to cut ${running === 1 ? "it" : "them"} off`;
}
