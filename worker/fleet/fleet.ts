/**
 * One fleet's live state, held by one object so that two requests never take the same place.
 * It keeps, persists and wakes; the deciding is done by the pure functions beside it and in routing/.
 * Nothing is written to storage while a place is taken or given back.
 */
import { type Env, senderOf, settingsOf, vaultOf } from "../env.ts";
import { log } from "../log.ts";
import { markInterrupted } from "../benchmarks/store.ts";
import { migrate } from "../migrations/migrate.ts";
import type { ExplanationReport } from "../protocol/decision.ts";
import type { QueueReport } from "../protocol/queue.ts";
import type { Farewell, Heartbeat } from "../protocol/heartbeat.ts";
import type { RouteRequest } from "../protocol/inference.ts";
import type { Measured } from "../protocol/measured.ts";
import type { Trace } from "../protocol/trace.ts";
import { tidy } from "../routing/rule/knowledge.ts";
import { newSecret } from "../secrets.ts";
import { derived } from "../settings/derived.ts";
import type { Overrides } from "../settings/in-force.ts";
import type { BenchmarkDesk } from "./benchmarks/desk.ts";
import { bearClockJump } from "./clock-jump.ts";
import { learnLoad, learnRoom } from "./beat.ts";
import { DoorChecks } from "./door-checks.ts";
import { RATES_PREFIX, restoreEstimates, savedEstimates } from "./estimators.ts";
import { recordFinish } from "./finish.ts";
import { frontDoor } from "./front-door.ts";
import { limitsOf, patienceOf } from "./from-settings.ts";
import type { FailedAttempt, Grant } from "./grant.ts";
import { keptReport } from "./decision-report.ts";
import { noteFirstToken, reapLeases, releaseLease } from "./leases.ts";
import { endLease, hungUpEarly } from "./leftover.ts";
import { updateLiveness } from "./liveness.ts";
import { MemberDesk } from "./member-desk.ts";
import { leave, type Presented, receiveBeat } from "./membership.ts";
import { type PlaceWord, PlaceWatch } from "./place-watch.ts";
import type { JobDesk } from "./jobs/desk.ts";
import type { ModelDesk } from "./model-desk.ts";
import { ModelWork } from "./model-work.ts";
import { NODE_PREFIX, restoredNodes, savedNode } from "./persistence.ts";
import { PinDesk } from "./pins/desk.ts";
import type { PinKeeper } from "./pins/keeper.ts";
import { openKeeper, PINS_KEY } from "./pins/open.ts";
import { fromSaved } from "./pins/pins.ts";
import { FleetReadings } from "./readings.ts";
import { Records } from "./records.ts";
import type { BeatAnswer } from "./reply.ts";
import { Savings } from "./savings.ts";
import { readVault } from "./vault.ts";
import { Scheduler } from "./scheduler.ts";
import { SettingsDesk } from "./settings/desk.ts";
import { SETTINGS_KEY, SettingsKeeper } from "./settings/keeper.ts";
import { stalledRequests } from "./stalled.ts";
import { noteEnd, noteFailure } from "./verdicts.ts";
import { emptyFleet, type FleetState, type NodeRecord } from "./state.ts";

const SAVE_EVERY_MS = 30_000;
const SWEEP_EVERY_MS = 1_000;
/** A node that has just joined stores its secret first; its door refuses until then. */
const JOIN_TRIES = 4;

export class Fleet extends FleetReadings {
	protected readonly state: FleetState;
	readonly #records: Records;
	readonly #savings: Savings;
	readonly #settings: SettingsKeeper;
	readonly #scheduler: Scheduler;
	readonly #places: PlaceWatch;
	readonly #doors: DoorChecks;
	readonly #pins: PinKeeper;
	readonly #models: ModelWork;
	#sweepDueAt = Date.now() + SWEEP_EVERY_MS;

	constructor(ctx: DurableObjectState, env: Env) {
		super(ctx, env);
		const settings = () => settingsOf(env);
		this.state = emptyFleet(Date.now(), patienceOf(settings()));
		this.#doors = new DoorChecks(this.state, senderOf(env));
		this.#records = new Records(env.DB);
		this.#places = new PlaceWatch(this.state, (node) => this.#checkDoor(node, JOIN_TRIES));
		this.#savings = new Savings(() => vaultOf(env));
		this.#settings = new SettingsKeeper(this.#savings);
		this.#scheduler = new Scheduler(this.state, derived(settings, limitsOf));
		const wake = { changed: () => this.#scheduler.pass(), doorLost: (nodeId: string) => this.suspect(nodeId) };
		this.#pins = openKeeper(this.state, settings, { ...wake, savings: this.#savings, database: env.DB, send: senderOf(env) });
		this.#models = new ModelWork({
			env,
			state: this.state,
			pins: this.#pins,
			save: (node) => this.#save(node),
			pass: wake.changed,
			background: (work) => ctx.waitUntil(work),
			askRouter: frontDoor(ctx, env),
			flush: () => this.flush(),
		});
		void ctx.blockConcurrencyWhile(async () => {
			await migrate(env.DB);
			await this.#restore();
			await markInterrupted(env.DB).catch((error: unknown) =>
				log("warn", "Old benchmarks could not be looked at", { error: String(error) }),
			);
		});
		this.#records.start();
		setInterval(() => this.#sweep(), SWEEP_EVERY_MS);
		// What the disk refuses is tried again with the next ones, and has been told
		setInterval(() => void this.saveLearned().catch(() => undefined), SAVE_EVERY_MS);
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
		const saved = () => this.#savings.settled();
		return new PinDesk({ state: this.state, keeper: this.#pins, settings: settingsOf(this.env), saved });
	}

	settings(): SettingsDesk {
		const changed = () => {
			this.state.patience = patienceOf(settingsOf(this.env));
			this.#scheduler.pass();
		};
		return new SettingsDesk({ env: this.env, state: this.state, keeper: this.#settings, changed });
	}

	/** For isolates that can't see them. */
	overrides(): Overrides {
		return this.#settings.overrides;
	}

	/** Pulls, uploads and makes of models. */
	models(): ModelDesk {
		return this.#models.desk();
	}

	benchmarks(): BenchmarkDesk {
		return this.#models.benchmarks();
	}

	/** What the page asks to be done to models. */
	jobs(): JobDesk {
		return this.#models.jobs();
	}

	/** The connection to a node's door failed, or brings nothing. */
	suspect(nodeId: string): void {
		const node = this.state.nodes.get(nodeId);
		if (node) this.#checkDoor(node, 1);
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

	/** Resolves when something is to be said of the request's place. Long ones tell their first token. */
	placeWord(requestId: string, firstTokenAt?: number): Promise<PlaceWord> {
		return this.#places.wait(requestId, firstTokenAt, Date.now());
	}

	/** The one end of every request: gives its place back, if it holds one and leaves no work behind, and keeps its trace. */
	finish(requestId: string, trace: Trace, measured: Measured = {}): void {
		this.cancel(requestId);
		const now = Date.now();
		const lease = endLease(this.state, requestId, { hungUp: hungUpEarly(trace), now });
		if (lease) recordFinish(this.state, lease, trace, measured);
		if (lease) noteEnd(this.state, lease, { trace, measured, now });
		this.#places.tell(requestId, "over");
		this.#records.keep(trace, lease && keptReport(lease));
		this.#scheduler.pass();
	}

	async heartbeat(beat: Heartbeat, presented: Presented): Promise<BeatAnswer> {
		const joinToken = settingsOf(this.env).FLEET_NODE_TOKEN;
		const result = receiveBeat(this.state, beat, { presented, joinToken, now: Date.now(), makeSecret: newSecret });
		const { node } = result;
		if (result.joined) log("info", "Node joined", { node_id: beat.node_id });
		if (node && result.durable) this.#save(node);
		if (node && node.approved && !node.doorReachable) this.#checkDoor(node, JOIN_TRIES);
		if (node?.approved) this.#cancelStalled(beat);
		this.#scheduler.pass();
		// The agent keeps this secret: the router must not forget it. On a full disk it serves all the same
		if (result.joined) await this.#savings.settled().catch(() => undefined);
		return result.answer;
	}

	farewell(farewell: Farewell, secret: string | undefined): boolean {
		const left = leave(this.state, farewell, secret, Date.now());
		if (left) log("info", "Node left", { node_id: farewell.node_id });
		this.#scheduler.pass();
		return left;
	}

	/** Who is in the fleet, and who takes work. */
	members(): MemberDesk {
		const told = { save: (node: NodeRecord) => this.#save(node), drop: (nodeId: string) => this.#drop(nodeId) };
		const doors = { checkDoor: (node: NodeRecord) => this.#checkDoor(node, JOIN_TRIES) };
		return new MemberDesk({ state: this.state, pins: this.#pins, pass: () => this.#scheduler.pass(), ...told, ...doors });
	}

	/** Resolves when every trace known now is in the database. */
	flush(): Promise<void> {
		return this.#records.flush();
	}

	/** By timer, and before the end. */
	saveLearned(): Promise<void> {
		const { knowledge, learned } = this.state;
		tidy(knowledge, Date.now());
		for (const [key, value] of savedEstimates(knowledge.estimates, learned)) this.#savings.put(key, value);
		learned.clear();
		return this.#savings.settled();
	}

	/** What was known before a restart. */
	async #restore(): Promise<void> {
		const saved = await readVault(vaultOf(this.env));
		this.#settings.restore(saved.get(SETTINGS_KEY));
		restoreEstimates(this.state.knowledge.estimates, saved);
		for (const node of restoredNodes(saved, Date.now())) {
			learnRoom(node, this.state.knowledge.estimates);
			this.state.nodes.set(node.nodeId, node);
		}
		this.#pins.restore(fromSaved(saved.get(PINS_KEY)));
	}

	#save(node: NodeRecord): void {
		this.#savings.put(NODE_PREFIX + node.nodeId, savedNode(node));
	}

	#drop(nodeId: string): void {
		for (const prefix of [NODE_PREFIX, RATES_PREFIX]) this.#savings.put(prefix + nodeId, undefined);
	}

	#giveBack(requestId: string, { node_id: nodeId, failure, retryAfterMs }: FailedAttempt): void {
		const now = Date.now();
		const lease = releaseLease(this.state, requestId, now);
		if (lease) noteFailure(this.state, lease, { failure, retryAfterMs }, now);
		this.#places.tell(requestId, "over");
		const node = this.state.nodes.get(nodeId);
		if (node && failure === "door-lost") this.#checkDoor(node, 1);
	}

	/** Their holders hear that the place is lost: they hang up, and the client is told. */
	#cancelStalled(beat: Heartbeat): void {
		const staleMs = settingsOf(this.env).FLEET_STALE_TIMEOUT * 1000;
		for (const { requestId, quietMs } of stalledRequests(this.state, beat, staleMs)) {
			log("warn", "Cancelled a request that made no progress", { request_id: requestId, node_id: beat.node_id, quiet_ms: quietMs });
			this.#places.tell(requestId, "lost");
		}
	}

	#checkDoor(node: NodeRecord, tries: number): void {
		const check = this.#doors.check(node, tries).then((changed) => {
			if (changed) this.#save(node);
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
		this.#settings.say();
		this.state.patience = patienceOf(settingsOf(this.env));
		const changed = updateLiveness(this.state, now);
		const reaped = reapLeases(this.state, now);
		this.#pins.look();
		this.#models.sweep(now);
		this.#places.sweep(now);
		for (const { job, leftover } of reaped)
			if (!leftover) log("warn", "Took back the place of a request that nobody serves any more", { request_id: job.requestId });
		if (changed || reaped.length > 0 || this.state.waiting.size > 0) this.#scheduler.pass();
	}
}
