/** Requests on their way to a place: who waits, when they are looked at, and who is told. Everything decided is pure code's. */
import type { ExplanationReport } from "../protocol/decision.ts";
import type { RouteRequest } from "../protocol/inference.ts";
import type { QueueReport } from "../protocol/queue.ts";
import { explanationReport } from "./explain.ts";
import { type Grant, toGrant } from "./grant.ts";
import { enqueue, MOST_BOUND, pass, type QueueLimits } from "./queue.ts";
import { queueReport } from "./queue-report.ts";
import type { FleetState } from "./state.ts";
import { Waiters } from "./waiters.ts";

/** With more than this waiting a pass is work, so that passes then wait for one another. */
const FEW_WAITING = 64;
/** Pause before a pass over a long queue, by its length: passes then take a small part of the time. */
const PAUSE_MS_PER_WAITING = 0.05;

export class Scheduler {
	readonly #state: FleetState;
	readonly #limits: () => QueueLimits;
	readonly #places = new Waiters<Grant>();
	#planned = false;

	constructor(state: FleetState, limits: () => QueueLimits) {
		this.#state = state;
		this.#limits = limits;
	}

	/** Resolves with a place as soon as the rule finds one, or with why there is none. */
	acquire(request: RouteRequest): Promise<Grant> {
		const now = Date.now();
		const { waiting } = this.#state;
		const isFull = waiting.size >= this.#limits().maxWaiting;
		if (isFull && waiting.size > FEW_WAITING) return Promise.resolve({ kind: "queue-full", waiting: waiting.size });
		const granted = this.#places.wait(request.id);
		enqueue(this.#state, request, this.#limits(), now);
		this.pass(now);
		if (isFull && waiting.delete(request.id)) this.#places.tell(request.id, { kind: "queue-full", waiting: waiting.size });
		return granted;
	}

	/** The client left. */
	cancel(requestId: string): void {
		if (!this.#state.waiting.delete(requestId)) return;
		this.#state.knowledge.solo.delete(requestId);
		this.#places.tell(requestId, { kind: "cancelled" });
	}

	/** To be called when something changed that may help somebody who waits. */
	pass(now = Date.now()): void {
		const { size } = this.#state.waiting;
		if (size === 0 || this.#planned) return;
		if (size <= FEW_WAITING) this.#passNow(now);
		else this.#plan(size * PAUSE_MS_PER_WAITING);
	}

	/** What would be chosen, and why. */
	explain(request: RouteRequest): ExplanationReport {
		return explanationReport(this.#state, request, this.#limits(), Date.now());
	}

	waitingList(): QueueReport {
		return queueReport(this.#state, this.#limits(), Date.now());
	}

	#passNow(now: number): void {
		const settled = pass(this.#state, this.#limits(), now);
		for (const [requestId, settlement] of settled) this.#places.tell(requestId, toGrant(this.#state, settlement));
		if (settled.size >= MOST_BOUND && this.#state.waiting.size > 0) this.#plan(0);
	}

	#plan(pauseMs: number): void {
		if (this.#planned) return;
		this.#planned = true;
		setTimeout(() => {
			this.#planned = false;
			this.#passNow(Date.now());
		}, pauseMs);
	}
}
