/** How much of the fleet's time a scenario asks for: everything in memory, perfect caches, one request per node, longest first. */
import type { FleetNode } from "./catalogue/fleets.ts";
import { type ModelSpec, neededBytesOf } from "./catalogue/models.ts";
import { decodeS, prefillRate } from "./catalogue/pace.ts";
import type { Plan } from "./engine/simulate.ts";
import { type Session, sharedWithBefore } from "./workload/session.ts";

interface Work {
	readonly session: Session;
	readonly promptTokens: number;
	readonly outputTokens: number;
	readonly cachedTokens: number;
}

/** Makespan over the scenario's length. */
export function offeredLoad({ nodes, sessions, untilS }: Plan): number {
	const ends = nodes.map((node) => ({ node, endsAt: 0 }));
	const work = sessions.flatMap(turnsOf).map((turn) => ({ turn, shortest: Math.min(...nodes.map((node) => serviceS(node, turn))) }));
	for (const { turn } of work.sort((a, b) => b.shortest - a.shortest)) {
		const ready = ends.map((end) => ({ end, at: end.endsAt + serviceS(end.node, turn) }));
		const first = ready.reduce((best, other) => (other.at < best.at ? other : best));
		first.end.endsAt = first.at;
	}
	return Math.max(...ends.map(({ endsAt }) => endsAt)) / untilS;
}

/** Of a turn on a node that has its model in memory and all that was read before in its cache; infinite without the model. */
export function serviceS({ machine, models }: FleetNode, { session, promptTokens, outputTokens, cachedTokens }: Work): number {
	const { model } = session;
	if (!models.includes(model)) return Infinity;
	const gpuShare = fullShare(machine, model);
	const prefillS = (promptTokens - Math.min(cachedTokens, promptTokens - 1)) / prefillRate(machine, model, gpuShare);
	return prefillS + decodeS(machine, model, { gpuShare, promptTokens, outputTokens });
}

export function fullShare(machine: FleetNode["machine"], model: ModelSpec): number {
	return Math.min(1, machine.usableBytes / neededBytesOf(model, 1));
}

function turnsOf(session: Session): Work[] {
	return session.turns.map(({ promptTokens, outputTokens }, turn) => {
		const cachedTokens = Math.max(session.system.tokens, sharedWithBefore(session, turn));
		return { session, promptTokens, outputTokens, cachedTokens };
	});
}
