/** Runs one scenario under one policy in virtual time: the same arguments, the same figures. Seconds. */
import type { FleetNode } from "../catalogue/fleets.ts";
import { Draws } from "../draws.ts";
import type { ExternalJob, Session } from "../workload/session.ts";
import { Agenda } from "./agenda.ts";
import { countersOf, type Job } from "./job.ts";
import { Machine } from "./machine.ts";
import type { Arrival, Policy, PolicyMaker, Shell } from "./policy.ts";

const BEAT_EVERY_S = 5;
/** A node is taken for gone after so many beats that did not come. */
const MISSED_BEATS = 3;
/** What has not ended by so many times the scenario's length never will. */
const GIVE_UP_FACTOR = 4;

export interface Plan {
	readonly nodes: readonly FleetNode[];
	readonly parallel: number;
	readonly sessions: readonly Session[];
	readonly external: readonly ExternalJob[];
	readonly untilS: number;
	/** A machine that goes without a word and comes back empty. */
	readonly death?: { readonly nodeId: string; readonly offAt: number; readonly onAt: number };
	readonly seed: number;
}

/** One request's fate; seconds, undefined where it did not get that far. */
export interface Fate {
	readonly arrival: Arrival;
	startedAt: number | undefined;
	firstTokenAt: number | undefined;
	doneAt: number | undefined;
	/** Tokens read again that a perfect cache would have kept. */
	rereadTokens: number;
	nodeId: string;
}

export interface Run {
	readonly fates: readonly Fate[];
	readonly endedAt: number;
	readonly giveUpAt: number;
	readonly loads: number;
	readonly evictions: number;
}

export function simulate(plan: Plan, makePolicy: PolicyMaker): Run {
	return new Simulation(plan, makePolicy).run();
}

class Simulation implements Shell {
	readonly nodes: readonly FleetNode[];
	readonly parallel: number;
	readonly seed: number;
	readonly #plan: Plan;
	readonly #agenda = new Agenda();
	readonly #machines = new Map<string, Machine>();
	readonly #fates = new Map<string, Fate>();
	/** Sent and not ended, by node. */
	readonly #outstanding = new Map<string, Map<string, Arrival>>();
	readonly #silent = new Map<string, number>();
	readonly #policy: Policy;
	#now = 0;
	/** Turns still to come. */
	#open: number;

	constructor(plan: Plan, makePolicy: PolicyMaker) {
		this.#plan = plan;
		this.nodes = plan.nodes;
		this.parallel = plan.parallel;
		this.seed = plan.seed;
		this.#open = plan.sessions.reduce((sum, { turns }) => sum + turns.length, 0);
		const noise = new Draws(plan.seed * 7919 + 13);
		const events = {
			firstToken: (job: Job) => this.#firstToken(job),
			done: (job: Job) => this.#done(job),
			changed: (machine: Machine) => this.#schedule(machine),
		};
		for (const node of plan.nodes) {
			this.#machines.set(node.id, new Machine(node, { parallel: plan.parallel, noise, events }));
			this.#outstanding.set(node.id, new Map());
		}
		this.#policy = makePolicy(this);
	}

	run(): Run {
		const giveUpAt = GIVE_UP_FACTOR * this.#plan.untilS;
		this.#fillAgenda();
		for (let entry = this.#agenda.next(); entry && this.#open > 0 && entry.at <= giveUpAt; entry = this.#agenda.next()) {
			this.#now = entry.at;
			entry.happen();
		}
		const counts = [...this.#machines.values()].map((machine) => machine.counts);
		return {
			fates: [...this.#fates.values()],
			endedAt: this.#now,
			giveUpAt,
			loads: counts.reduce((sum, { loads }) => sum + loads, 0),
			evictions: counts.reduce((sum, { evictions }) => sum + evictions, 0),
		};
	}

	send(arrival: Arrival, nodeId: string): void {
		this.#outstanding.get(nodeId)?.set(arrival.id, arrival);
		// Not from inside the machine's own event
		this.#agenda.add(this.#now, () => this.machine(nodeId).send(arrival, this.#now));
	}

	warm(nodeId: string, model: Session["model"], done: () => void): void {
		// Not from inside the machine's own event
		this.#agenda.add(this.#now, () => this.machine(nodeId).warm(model, this.#now, done));
	}

	machine(nodeId: string): Machine {
		const machine = this.#machines.get(nodeId);
		if (!machine) throw new Error(`No node is called "${nodeId}"`);
		return machine;
	}

	#fillAgenda(): void {
		const { sessions, external, death } = this.#plan;
		this.nodes.forEach((node, index) => this.#beatFrom(node.id, (BEAT_EVERY_S * index) / this.nodes.length));
		this.#tickFrom(BEAT_EVERY_S);
		for (const session of sessions) this.#agenda.add(session.startAt, () => this.#arrive(session, 0));
		for (const { nodeId, at, session } of external) {
			const [turn] = session.turns;
			if (turn) this.#agenda.add(at, () => this.machine(nodeId).send({ ...turn, id: session.id, session, turn: 0, isExternal: true }, at));
		}
		if (!death) return;
		this.#agenda.add(death.offAt, () => this.machine(death.nodeId).switchOff(this.#now));
		this.#agenda.add(death.onAt, () => (this.machine(death.nodeId).isOn = true));
	}

	#arrive(session: Session, index: number): void {
		const turn = session.turns[index];
		if (!turn) return;
		const id = `${session.id}.${index}`;
		const arrival = { ...turn, id, session, turn: index, isExternal: false, arrivedAt: this.#now };
		const nothing = { startedAt: undefined, firstTokenAt: undefined, doneAt: undefined };
		this.#fates.set(id, { arrival, ...nothing, rereadTokens: 0, nodeId: "" });
		this.#policy.arrived(arrival, this.#now);
	}

	#firstToken(job: Job): void {
		const fate = this.#fates.get(job.work.id);
		const nodeId = this.#nodeOf(job.work.id);
		if (!fate || nodeId === undefined) return;
		fate.startedAt = job.startedAt;
		fate.firstTokenAt = this.#now;
		fate.nodeId = nodeId;
		this.#policy.firstToken(fate.arrival, nodeId, this.#now);
	}

	#done(job: Job): void {
		const fate = this.#fates.get(job.work.id);
		const nodeId = this.#nodeOf(job.work.id);
		if (!fate || nodeId === undefined) return;
		const { session, turn } = job.work;
		fate.doneAt = this.#now;
		const before = session.turns[turn - 1];
		const perfect = before ? before.promptTokens + before.outputTokens : 0;
		fate.rereadTokens = Math.max(0, Math.min(perfect, job.work.promptTokens - 1) - job.cachedTokens);
		this.#outstanding.get(nodeId)?.delete(job.work.id);
		this.#open--;
		const next = session.turns[turn + 1];
		if (next) this.#agenda.add(this.#now + next.thinkS, () => this.#arrive(session, turn + 1));
		this.#policy.finished(fate.arrival, nodeId, { counters: countersOf(job, this.#now), now: this.#now });
	}

	#nodeOf(requestId: string): string | undefined {
		for (const [nodeId, arrivals] of this.#outstanding) if (arrivals.has(requestId)) return nodeId;
		return undefined;
	}

	#schedule(machine: Machine): void {
		const { version } = machine;
		const at = machine.nextAt();
		if (at === Infinity) return;
		this.#agenda.add(Math.max(at, this.#now), () => {
			if (machine.version === version) machine.wake(this.#now);
		});
	}

	#beatFrom(nodeId: string, at: number): void {
		this.#agenda.add(at, () => {
			this.#beatFrom(nodeId, at + BEAT_EVERY_S);
			const machine = this.machine(nodeId);
			if (!machine.isOn) return this.#missed(nodeId);
			this.#silent.delete(nodeId);
			const resident = [...machine.runners.values()].map(({ model, bytes, keepAliveS }) => ({
				model,
				bytes,
				isPinned: keepAliveS === Infinity,
			}));
			this.#policy.beat({ nodeId, resident, externalJobs: machine.externalJobs, usedBytes: machine.usedBytes }, this.#now);
		});
	}

	#missed(nodeId: string): void {
		const missed = (this.#silent.get(nodeId) ?? 0) + 1;
		this.#silent.set(nodeId, missed);
		if (missed < MISSED_BEATS) return;
		const outstanding = this.#outstanding.get(nodeId) ?? new Map<string, Arrival>();
		const lost = [...outstanding.values()];
		outstanding.clear();
		if (missed === MISSED_BEATS || lost.length > 0) this.#policy.lost(nodeId, lost, this.#now);
	}

	#tickFrom(at: number): void {
		this.#agenda.add(at, () => {
			this.#tickFrom(at + BEAT_EVERY_S);
			this.#policy.tick?.(this.#now);
		});
	}
}
