/** Two equal nodes, three long jobs, and short requests that should not wait for them. */
import { LLAMA_8B } from "../catalogue/models.ts";
import type { Draws } from "../draws.ts";
import { single } from "./batches.ts";
import type { ExternalJob, Session } from "./session.ts";

const CYCLES = 12;
const PROBE = { model: LLAMA_8B, key: "probe", app: "probe", requestClass: "interactive", promptTokens: 300, outputTokens: 200 } as const;
const WARM_UP = { model: LLAMA_8B, key: "warm-up", app: "warm-up", promptTokens: 5, outputTokens: 5 } as const;
const JOB_PROMPT_TOKENS = 300;

export function throughRouter(draws: Draws, cycleS = 400): { sessions: Session[]; untilS: number } {
	const sessions: Session[] = [];
	for (let cycle = 0; cycle < CYCLES; cycle++) {
		const start = cycle * cycleS;
		sessions.push(single({ ...WARM_UP, id: `warm-up-${cycle}`, requestClass: "interactive", startAt: start }));
		for (let job = 0; job < 3; job++) sessions.push(longJob(draws, `job-${cycle}-${job}`, start + 20 + job * 0.3));
		for (const probe of [25, 26]) sessions.push(single({ ...PROBE, id: `probe-${cycle}-${probe}`, startAt: start + probe }));
	}
	return { sessions, untilS: CYCLES * cycleS };
}

export function pastRouter(draws: Draws, cycleS = 700): { sessions: Session[]; external: ExternalJob[]; untilS: number } {
	const sessions: Session[] = [];
	const external: ExternalJob[] = [];
	for (let cycle = 0; cycle < CYCLES; cycle++) {
		const start = cycle * cycleS;
		sessions.push(single({ ...WARM_UP, id: `warm-up-${cycle}`, requestClass: "batch", startAt: start }));
		for (let job = 0; job < 3; job++) {
			const at = start + 5 + job * 0.3;
			external.push({ nodeId: "node-0", at, session: longJob(draws, `outside-${cycle}-${job}`, at) });
		}
		sessions.push(single({ ...PROBE, id: `probe-${cycle}`, startAt: start + 17 }));
	}
	return { sessions, external, untilS: CYCLES * cycleS };
}

function longJob(draws: Draws, id: string, startAt: number): Session {
	const outputTokens = Math.round(draws.uniform(4140, 5060));
	return single({
		id,
		startAt,
		key: "job",
		app: "job",
		model: LLAMA_8B,
		requestClass: "interactive",
		promptTokens: JOB_PROMPT_TOKENS,
		outputTokens,
	});
}
