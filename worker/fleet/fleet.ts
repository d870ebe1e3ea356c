/**
 * One fleet's live state, held by one object so that two requests never take the same place.
 * It keeps, persists and wakes; the deciding is done by the pure functions beside it and in routing/.
 * Nothing is written to storage while a place is taken or given back.
 */
import { DurableObject } from "cloudflare:workers";
import { type Env, senderOf, settingsOf } from "../env.ts";
import { log } from "../log.ts";
import { migrate } from "../migrations/migrate.ts";
import type { FleetSnapshot } from "../protocol/fleet.ts";
import type { Farewell, Heartbeat } from "../protocol/heartbeat.ts";
import type { RouteRequest } from "../protocol/inference.ts";
import type { InstalledModel } from "../protocol/ollama.ts";
import type { Trace } from "../protocol/trace.ts";
import { newSecret } from "../secrets.ts";
import { TraceBuffer } from "../traces/buffer.ts";
import { insertTraces } from "../traces/store.ts";
import { learnLoad } from "./beat.ts";
import { DoorChecks } from "./door-checks.ts";
import { forgetFinished, recordFinish } from "./finish.ts";
import { type FailedAttempt, type Grant, toGrant } from "./grant.ts";
import { holdsPlace, reapLeases, releaseLease } from "./leases.ts";
import { type FleetResident, type FleetTag, lowestVersion, mergeResident, mergeTags } from "./listing.ts";
import { updateLiveness } from "./liveness.ts";
import { approve, leave, type Presented, receiveBeat } from "./membership.ts";
import { noteModels } from "./note-models.ts";
import { forgetNode, loadNodes, saveNode } from "./persistence.ts";
import { type PullPlace, type PullRequest, Pulls } from "./pulls.ts";
import { acquire, pass, type QueueLimits } from "./queue.ts";
import type { BeatAnswer } from "./reply.ts";
import { toSnapshot } from "./snapshot.ts";
import { leastBusy, type NamedNode, nodeNamed, type Target, type Whereabouts, whoHas } from "./targets.ts";
import { Waiters } from "./waiters.ts";
import { emptyFleet, type FleetState, type NodeRecord } from "./state.ts";
import { type CreateRequest, type Workplace, Workshop } from "./workshop.ts";

const FLUSH_EVERY_MS = 200;
const SWEEP_EVERY_MS = 1_000;
/** A node that has just joined stores its secret first; its door refuses until then. */
const JOIN_TRIES = 4;

export class Fleet extends DurableObject<Env> {
	readonly #state: FleetState;
	readonly #traces = new TraceBuffer((traces) => insertTraces(this.env.DB, traces));
	/** Requests that wait for a place. */
	readonly #places = new Waiters<Grant>();
	/** Requests that wait for their first byte, and must hear when their place is lost. */
	readonly #losses = new Waiters<boolean>();
	readonly #doors: DoorChecks;
	readonly #pulls = new Pulls();
	readonly #workshop = new Workshop();
	readonly #limits: QueueLimits;

	constructor(ctx: DurableObjectState, env: Env) {
		super(ctx, env);
		const settings = settingsOf(env);
		const patience = { degradedAfterMs: settings.FLEET_HEARTBEAT_TIMEOUT * 1000, offlineAfterMs: settings.FLEET_HEARTBEAT_OFFLINE * 1000 };
		this.#state = emptyFleet(Date.now(), patience);
		this.#doors = new DoorChecks(this.#state, senderOf(env));
		this.#limits = {
			maxWaiting: settings.FLEET_QUEUE_MAX,
			timeoutMs: settings.FLEET_QUEUE_TIMEOUT_S * 1000,
			aliases: { ...settings.FLEET_ANTHROPIC_MODEL_MAP, ...settings.FLEET_ALIASES },
			contextProtection: settings.FLEET_CONTEXT_PROTECTION,
		};
		void ctx.blockConcurrencyWhile(async () => {
			await migrate(env.DB);
			for (const node of await loadNodes(ctx.storage, Date.now())) this.#state.nodes.set(node.nodeId, node);
		});
		setInterval(() => void this.#flushByTimer(), FLUSH_EVERY_MS);
		setInterval(() => this.#sweep(), SWEEP_EVERY_MS);
	}

	/** Takes a place on the best node, waiting for one if need be. With `failed`, first gives back the place on that node. */
	async acquire(request: RouteRequest, failed?: FailedAttempt): Promise<Grant> {
		if (failed) this.#giveBack(request.id, failed);
		const result = acquire(this.#state, request, this.#limits, Date.now());
		const granted = result.kind === "waiting" ? this.#places.wait(request.id) : toGrant(this.#state, result);
		this.#pass();
		return granted;
	}

	/** Any node that answers, the least busy one; undefined when there is none. */
	someNode(): Target | undefined {
		return leastBusy(this.#state);
	}

	whoHas(model: string): Whereabouts {
		return whoHas(this.#state, model);
	}

	nodeNamed(nodeId: string): NamedNode {
		return nodeNamed(this.#state, nodeId);
	}

	/** Where to pull a model to; the pull counts as running there until `pullEnded`. */
	placePull(request: PullRequest): PullPlace {
		return this.#pulls.place(this.#state, request, Date.now());
	}

	pullEnded(requestId: string): void {
		this.#pulls.end(requestId);
	}

	/** Where a file for a new model goes. */
	placeUpload(): Workplace {
		return this.#workshop.forUpload(this.#state, Date.now());
	}

	blobStored(digest: string, nodeId: string): void {
		this.#workshop.stored(digest, nodeId, Date.now());
	}

	placeCreate(request: CreateRequest): Workplace {
		return this.#workshop.forCreate(this.#state, request, Date.now());
	}

	/** The router has changed what is on a node's disk: this is its list now. */
	noteModels(nodeId: string, models: readonly InstalledModel[]): void {
		const node = this.#state.nodes.get(nodeId);
		if (!node || !noteModels(node, models)) return;
		saveNode(this.ctx.storage, node);
		this.#pass();
	}

	/** The connection to a node's door failed. */
	suspect(nodeId: string): void {
		const node = this.#state.nodes.get(nodeId);
		if (node) this.#checkDoor(node, 1);
	}

	/** The client left: a waiting request leaves the queue. A granted place is its holder's to give back. */
	cancel(requestId: string): void {
		if (this.#state.waiting.delete(requestId)) this.#places.tell(requestId, { kind: "cancelled" });
	}

	/** The node answered for a model that had to be loaded, or loaded anew for this context (undefined: the node's own choice). */
	loaded(requestId: string, numCtx: number | undefined): void {
		const lease = this.#state.leases.get(requestId);
		const node = lease && this.#state.nodes.get(lease.nodeId);
		if (!node || !lease) return;
		learnLoad(node, lease.model, { numCtx, now: Date.now() });
		this.#pass();
	}

	/** Resolves once the request's node is silent for too long or gone (true), or the request has ended otherwise (false). */
	placeLost(requestId: string): Promise<boolean> {
		this.#losses.tell(requestId, false);
		return this.#losses.wait(requestId);
	}

	/** The one end of every request: gives its place back, if it holds one, and keeps its trace. */
	finish(requestId: string, trace: Trace): void {
		this.cancel(requestId);
		recordFinish(this.#state, this.#state.leases.get(requestId), trace);
		releaseLease(this.#state, requestId);
		this.#losses.tell(requestId, false);
		this.#traces.push(trace);
		this.#pass();
	}

	heartbeat(beat: Heartbeat, presented: Presented): BeatAnswer {
		const joinToken = settingsOf(this.env).FLEET_NODE_TOKEN;
		const result = receiveBeat(this.#state, beat, { presented, joinToken, now: Date.now(), makeSecret: newSecret });
		const { node } = result;
		if (result.joined) log("info", "Node joined", { node_id: beat.node_id });
		if (node && result.durable) saveNode(this.ctx.storage, node);
		if (node && node.approved && !node.doorReachable) this.#checkDoor(node, JOIN_TRIES);
		this.#pass();
		return result.answer;
	}

	farewell(farewell: Farewell, secret: string | undefined): boolean {
		const left = leave(this.#state, farewell, secret, Date.now());
		if (left) log("info", "Node left", { node_id: farewell.node_id });
		return left;
	}

	/** False when no machine of that name waits for approval. */
	approve(nodeId: string): boolean {
		const node = approve(this.#state, nodeId, Date.now());
		if (!node) return false;
		log("info", "Node approved", { node_id: nodeId });
		saveNode(this.ctx.storage, node);
		this.#checkDoor(node, JOIN_TRIES);
		return true;
	}

	/** Removes a node or a pending machine; its secret dies with it. False when there is none of that name. */
	forget(nodeId: string): boolean {
		forgetNode(this.ctx.storage, nodeId);
		const [pending, member] = [this.#state.pending.delete(nodeId), this.#state.nodes.delete(nodeId)];
		forgetFinished(this.#state, nodeId);
		if (pending || member) log("info", "Node forgotten", { node_id: nodeId });
		this.#pass();
		return pending || member;
	}

	status(): FleetSnapshot {
		return toSnapshot(this.#state, Date.now());
	}

	tags(): FleetTag[] {
		return mergeTags(this.#state);
	}

	resident(): FleetResident[] {
		return mergeResident(this.#state);
	}

	version(): string | undefined {
		return lowestVersion(this.#state);
	}

	/** Resolves when every trace known now is in the database. */
	flush(): Promise<void> {
		return this.#traces.flush();
	}

	/** Says once that the database refuses, and once that it takes rows again. */
	async #flushByTimer(): Promise<void> {
		try {
			await this.flush();
			if (this.#traces.refused) log("info", "Traces are written again", { dropped: this.#traces.dropped });
			this.#traces.refused = false;
		} catch (error) {
			if (!this.#traces.refused) log("error", "Writing traces failed, they are kept and tried again", { error: String(error) });
			this.#traces.refused = true;
		}
	}

	#giveBack(requestId: string, { node_id: nodeId, failure }: FailedAttempt): void {
		releaseLease(this.#state, requestId);
		this.#losses.tell(requestId, false);
		const node = this.#state.nodes.get(nodeId);
		if (node && failure === "door-lost") this.#checkDoor(node, 1);
	}

	#checkDoor(node: NodeRecord, tries: number): void {
		const check = this.#doors.check(node, tries).then((changed) => {
			if (changed) saveNode(this.ctx.storage, node);
			if (changed) this.#pass();
			return changed;
		});
		this.ctx.waitUntil(check);
	}

	#sweep(): void {
		const now = Date.now();
		const changed = updateLiveness(this.#state, now);
		const reaped = reapLeases(this.#state, now);
		for (const requestId of this.#losses.ids) if (!holdsPlace(this.#state, requestId)) this.#losses.tell(requestId, true);
		for (const requestId of reaped) log("warn", "Took back the place of a request that nobody serves any more", { request_id: requestId });
		if (changed || reaped.length > 0 || this.#state.waiting.size > 0) this.#pass();
	}

	#pass(): void {
		if (this.#state.waiting.size === 0) return;
		for (const { requestId, result } of pass(this.#state, this.#limits, Date.now()))
			this.#places.tell(requestId, toGrant(this.#state, result));
	}
}
