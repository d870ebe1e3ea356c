/**
 * One fleet's live state, held by one object so that two requests never take the same place.
 * It keeps, persists and wakes; the deciding is done by the pure functions beside it and in routing/.
 * Nothing is written to storage while a place is taken or given back.
 */
import { type Env, senderOf, settingsOf } from "../env.ts";
import { log } from "../log.ts";
import { migrate } from "../migrations/migrate.ts";
import type { ExplanationReport } from "../protocol/decision.ts";
import type { QueueReport } from "../protocol/queue.ts";
import type { Drain, Farewell, Heartbeat } from "../protocol/heartbeat.ts";
import type { RouteRequest } from "../protocol/inference.ts";
import type { InstalledModel } from "../protocol/ollama.ts";
import type { Measured } from "../protocol/measured.ts";
import type { Trace } from "../protocol/trace.ts";
import { tidy } from "../routing/rule/knowledge.ts";
import { newSecret } from "../secrets.ts";
import { AutoPulls, type PullAnswer } from "./auto-pull/auto-pulls.ts";
import { bearClockJump } from "./clock-jump.ts";
import { learnLoad, learnRoom } from "./beat.ts";
import { DoorChecks } from "./door-checks.ts";
import { type Drained, drainedOf, setDrained, type Speaker } from "./drain.ts";
import { dropEstimates, loadEstimates } from "./estimators.ts";
import { recordFinish } from "./finish.ts";
import { autoPullSettings, limitsOf, patienceOf } from "./from-settings.ts";
import { forgetMember } from "./forget.ts";
import type { FailedAttempt, Grant } from "./grant.ts";
import { keptReport } from "./decision-report.ts";
import { holdsPlace, noteFirstToken, reapLeases, releaseLease } from "./leases.ts";
import { endLease, hungUpEarly } from "./leftover.ts";
import { updateLiveness } from "./liveness.ts";
import { approve, leave, type Presented, receiveBeat } from "./membership.ts";
import { noteModels } from "./note-models.ts";
import { forgetNode, loadNodes } from "./persistence.ts";
import { storingIn } from "./storing.ts";
import { PinDesk } from "./pins/desk.ts";
import type { PinKeeper } from "./pins/keeper.ts";
import { openKeeper, restorePins } from "./pins/open.ts";
import { type PullPlace, type PullRequest, Pulls } from "./pulls.ts";
import { FleetReadings } from "./readings.ts";
import { type FlushDepth, Records } from "./records.ts";
import type { BeatAnswer } from "./reply.ts";
import { Savings } from "./savings.ts";
import { Scheduler } from "./scheduler.ts";
import { stalledRequests } from "./stalled.ts";
import { noteEnd, noteFailure } from "./verdicts.ts";
import { Waiters } from "./waiters.ts";
import { emptyFleet, type FleetState, type NodeRecord } from "./state.ts";
import { type CreateRequest, type Workplace, Workshop } from "./workshop.ts";

const SAVE_EVERY_MS = 30_000;
const SWEEP_EVERY_MS = 1_000;
/** A node that has just joined stores its secret first; its door refuses until then. */
const JOIN_TRIES = 4;

export class Fleet extends FleetReadings {
	protected readonly state: FleetState;
	readonly #records: Records;
	readonly #savings: Savings;
	readonly #scheduler: Scheduler;
	/** Requests that wait for their first byte, and must hear when their place is lost. */
	readonly #losses = new Waiters<boolean>();
	readonly #doors: DoorChecks;
	readonly #pins: PinKeeper;
	readonly #pulls = new Pulls();
	readonly #autoPulls: AutoPulls;
	readonly #workshop = new Workshop();
	#sweepDueAt = Date.now() + SWEEP_EVERY_MS;

	constructor(ctx: DurableObjectState, env: Env) {
		super(ctx, env);
		const settings = settingsOf(env);
		this.state = emptyFleet(Date.now(), patienceOf(settings));
		this.#doors = new DoorChecks(this.state, senderOf(env));
		const kept = { retentionDays: settings.FLEET_TRACE_RETENTION_DAYS, mayVanish: settings.FLEET_EDGE };
		this.#records = new Records(env.DB, kept);
		this.#savings = new Savings(storingIn(ctx.storage), () => this.#records.isRefused);
		this.#scheduler = new Scheduler(this.state, limitsOf(settings));
		const wake = { changed: () => this.#scheduler.pass(), doorLost: (nodeId: string) => this.suspect(nodeId) };
		this.#pins = openKeeper(this.state, settings, { ...wake, storage: ctx.storage, database: env.DB, send: senderOf(env) });
		const shell = { fleet: this, send: senderOf(env), pass: wake.changed, background: (work: Promise<unknown>) => ctx.waitUntil(work) };
		this.#autoPulls = new AutoPulls(this.state, autoPullSettings(settings), { ...shell, now: Date.now, newId: () => crypto.randomUUID() });
		void ctx.blockConcurrencyWhile(async () => {
			await migrate(env.DB);
			await this.#records.start();
			await loadEstimates(ctx.storage, this.state.knowledge.estimates);
			for (const node of await loadNodes(ctx.storage, Date.now())) this.state.nodes.set(node.nodeId, node);
			for (const node of this.state.nodes.values()) learnRoom(node, this.state.knowledge.estimates);
			await restorePins(ctx.storage, this.#pins);
		});
		setInterval(() => this.#sweep(), SWEEP_EVERY_MS);
		setInterval(() => void this.saveLearned(), SAVE_EVERY_MS);
	}

	/** Takes a place on the best node, waiting for one if need be. With `failed`, first gives back the place on that node. */
	acquire(request: RouteRequest, failed?: FailedAttempt): Promise<Grant> {
		if (failed) this.#giveBack(request.id, failed);
		return this.#scheduler.acquire(request);
	}

	/** A dry run: every candidate, and what would be chosen. */
	explain(request: RouteRequest): ExplanationReport {
		return this.#scheduler.explain(request);
	}

	waitingList(): QueueReport {
		return this.#scheduler.waitingList();
	}

	pins(): PinDesk {
		const { storage } = this.ctx;
		return new PinDesk({ state: this.state, keeper: this.#pins, settings: settingsOf(this.env), saved: () => storage.sync() });
	}

	/** Where to pull a model to; the pull counts as running there until `pullEnded`. */
	placePull(request: PullRequest): PullPlace {
		return this.#pulls.place(this.state, request, Date.now());
	}

	pullEnded(requestId: string): void {
		this.#pulls.end(requestId);
	}

	/** For a model that nobody has: starts or joins its pull, if the router may pull it. Asked before a second `acquire`. */
	pullFor(model: string): Promise<PullAnswer> {
		return this.#autoPulls.want(model);
	}

	/** False when the router is not pulling such a model. */
	cancelPull(model: string): boolean {
		return this.#autoPulls.cancel(model);
	}

	/** Where a file for a new model goes. */
	placeUpload(): Workplace {
		return this.#workshop.forUpload(this.state, Date.now());
	}

	blobStored(digest: string, nodeId: string): void {
		this.#workshop.stored(digest, nodeId, Date.now());
	}

	placeCreate(request: CreateRequest): Workplace {
		return this.#workshop.forCreate(this.state, request, Date.now());
	}

	/** The router has changed what is on a node's disk: this is its list now. */
	noteModels(nodeId: string, models: readonly InstalledModel[]): void {
		const node = this.state.nodes.get(nodeId);
		if (!node || !noteModels(node, models)) return;
		this.#savings.node(node);
		this.#scheduler.pass();
	}

	/** The connection to a node's door failed, or brings nothing. */
	suspect(nodeId: string, tries = 1): void {
		const node = this.state.nodes.get(nodeId);
		if (node) this.#checkDoor(node, tries);
	}

	/** The client left: a waiting request leaves the queue. A granted place is its holder's to give back. */
	cancel(requestId: string): void {
		this.#scheduler.cancel(requestId);
	}

	/** The node answered for a model that had to be loaded, or loaded anew for this context (undefined: the node's own choice). */
	loaded(requestId: string, numCtx: number | undefined): void {
		const lease = this.state.leases.get(requestId);
		const node = lease && this.state.nodes.get(lease.decision.nodeId);
		if (!node || !lease) return;
		noteFirstToken(this.state, requestId, Date.now());
		learnLoad(node, lease.decision.model, { numCtx, now: Date.now() });
		this.#scheduler.pass();
	}

	/** True once the node is silent for too long or gone, false when the request ended otherwise. Long ones tell their first token. */
	placeLost(requestId: string, firstTokenAt?: number): Promise<boolean> {
		if (firstTokenAt !== undefined) noteFirstToken(this.state, requestId, firstTokenAt);
		// A beat comes from there all the same when only the way to its door is dark
		else this.suspect(this.state.leases.get(requestId)?.decision.nodeId ?? "", JOIN_TRIES);
		this.#losses.tell(requestId, false);
		return this.#losses.wait(requestId);
	}

	/** The one end of every request: gives its place back, if it holds one and leaves no work behind, and keeps its trace. */
	finish(requestId: string, trace: Trace, measured: Measured = {}): void {
		this.cancel(requestId);
		const now = Date.now();
		const lease = endLease(this.state, requestId, { hungUp: hungUpEarly(trace), now });
		if (lease) recordFinish(this.state, lease, trace, measured);
		if (lease) noteEnd(this.state, lease, { trace, measured, now });
		this.#losses.tell(requestId, false);
		this.#records.keep(trace, lease && keptReport(lease));
		this.#scheduler.pass();
	}

	heartbeat(beat: Heartbeat, presented: Presented): BeatAnswer {
		const joinToken = settingsOf(this.env).FLEET_NODE_TOKEN;
		const result = receiveBeat(this.state, beat, { presented, joinToken, now: Date.now(), makeSecret: newSecret });
		const { node } = result;
		if (result.joined) log("info", "Node joined", { node_id: beat.node_id });
		if (node && result.durable) this.#savings.node(node);
		if (node && node.approved && !node.doorReachable) this.#checkDoor(node, JOIN_TRIES);
		if (node?.approved) this.#cancelStalled(beat);
		this.#scheduler.pass();
		return result.answer;
	}

	farewell(farewell: Farewell, secret: string | undefined): boolean {
		const left = leave(this.state, farewell, secret, Date.now());
		if (left) log("info", "Node left", { node_id: farewell.node_id });
		this.#scheduler.pass();
		return left;
	}

	/** Takes a node out of service, or back. Undefined when there is no such node, or the word is not its own. */
	drain(drain: Drain, by: Speaker): Drained | undefined {
		const node = setDrained(this.state, drain, by);
		if (!node) return undefined;
		log("info", node.drained ? "Node drained" : "Node resumed", { node_id: node.nodeId });
		this.#savings.node(node);
		this.#scheduler.pass();
		return drainedOf(node);
	}

	/** False when no machine of that name waits for approval. */
	approve(nodeId: string): boolean {
		const node = approve(this.state, nodeId, Date.now());
		if (!node) return false;
		log("info", "Node approved", { node_id: nodeId });
		this.#savings.node(node);
		this.#checkDoor(node, JOIN_TRIES);
		return true;
	}

	/** Removes a node or a pending machine; its secret dies with it. False when there is none of that name. */
	forget(nodeId: string): boolean {
		forgetNode(this.ctx.storage, nodeId);
		dropEstimates(this.ctx.storage, nodeId);
		const forgotten = forgetMember(this.state, nodeId);
		this.#pins.forget(nodeId);
		if (forgotten) log("info", "Node forgotten", { node_id: nodeId });
		this.#scheduler.pass();
		return forgotten;
	}

	/** Resolves when every trace known now is in the database, and as deep as wanted. */
	flush(depth: FlushDepth = "rows"): Promise<void> {
		return this.#records.flush(depth);
	}

	/** By timer, and before the end. */
	saveLearned(): Promise<void> {
		tidy(this.state.knowledge, Date.now());
		return this.#savings.learned(this.state);
	}

	#giveBack(requestId: string, { node_id: nodeId, failure, retryAfterMs }: FailedAttempt): void {
		const now = Date.now();
		const lease = releaseLease(this.state, requestId, now);
		if (lease) noteFailure(this.state, lease, { failure, retryAfterMs }, now);
		this.#losses.tell(requestId, false);
		const node = this.state.nodes.get(nodeId);
		if (node && failure === "door-lost") this.#checkDoor(node, 1);
	}

	/** Their holders hear that the place is lost: they hang up, and the client is told. */
	#cancelStalled(beat: Heartbeat): void {
		const staleMs = settingsOf(this.env).FLEET_STALE_TIMEOUT * 1000;
		for (const { requestId, quietMs } of stalledRequests(this.state, beat, staleMs)) {
			log("warn", "Cancelled a request that made no progress", { request_id: requestId, node_id: beat.node_id, quiet_ms: quietMs });
			this.#losses.tell(requestId, true);
		}
	}

	#checkDoor(node: NodeRecord, tries: number): void {
		const check = this.#doors.check(node, tries).then((changed) => {
			if (changed) this.#savings.node(node);
			if (changed) this.#scheduler.pass();
			return changed;
		});
		this.ctx.waitUntil(check);
	}

	#sweep(): void {
		const now = Date.now();
		const jumpMs = bearClockJump(this.state, this.#sweepDueAt, now);
		if (jumpMs !== 0) log("warn", "The clock jumped, or this machine slept", { by_ms: jumpMs });
		this.#sweepDueAt = now + SWEEP_EVERY_MS;
		const changed = updateLiveness(this.state, now);
		const reaped = reapLeases(this.state, now);
		this.#pins.look();
		this.#autoPulls.sweep();
		for (const requestId of this.#losses.ids) if (!holdsPlace(this.state, requestId)) this.#losses.tell(requestId, true);
		for (const { job, leftover } of reaped)
			if (!leftover) log("warn", "Took back the place of a request that nobody serves any more", { request_id: job.requestId });
		if (changed || reaped.length > 0 || this.state.waiting.size > 0) this.#scheduler.pass();
	}
}
