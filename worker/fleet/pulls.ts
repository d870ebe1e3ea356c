/** Downloads now running through the router, so that a second pull of a model joins the first: Ollama shares its downloads. */
import { canonicalName } from "../routing/names.ts";
import { newJob, startAt } from "./auto-pull/job.ts";
import { choosePullNode, type PullReasons } from "./choose-pull-node.ts";
import type { FleetState } from "./state.ts";
import { nodeNamed, type Target, toTarget } from "./targets.ts";

/** A pull's request id stands in a beat of its node by then. */
const UNSEEN_TRUST_MS = 15_000;
/** So that what is never ended can't fill the memory. */
const MAX_RUNNING = 1_000;

export interface PullRequest {
	readonly id: string;
	readonly model: string;
	/** The node that is meant; "" leaves the choice to the router. */
	readonly nodeId: string;
	/** Nodes that failed this request already. */
	readonly excluded: readonly string[];
	/** Where it is known. */
	readonly sizeBytes?: number | undefined;
	/** It comes from a client, and is shown with its progress. */
	readonly ofClient?: boolean;
}

export type PullPlace =
	| { readonly kind: "place"; readonly target: Target; readonly why: string }
	| { readonly kind: "no-node"; readonly reasons: PullReasons }
	| { readonly kind: "absent" };

interface Running {
	readonly model: string;
	readonly nodeId: string;
	readonly startedAt: number;
}

export class Pulls {
	readonly #running = new Map<string, Running>();

	/** Decides where the model is pulled to and counts it as running there until `end`. */
	place(state: FleetState, request: PullRequest, now: number): PullPlace {
		this.#running.delete(request.id);
		const place = request.nodeId === "" ? this.#choose(state, request, now) : named(state, request.nodeId);
		if (place.kind !== "place") return place;
		for (const id of this.#running.keys()) if (this.#running.size >= MAX_RUNNING) this.#running.delete(id);
		if (request.ofClient) showOfClient(state, request, place.target, now);
		this.#running.set(request.id, { model: canonicalName(request.model), nodeId: place.target.nodeId, startedAt: now });
		return place;
	}

	end(state: FleetState, requestId: string): void {
		this.#running.delete(requestId);
		state.clientPulls.delete(requestId);
	}

	/** To be called every second or so: forgets what nobody has ended. */
	sweep(state: FleetState, now: number): void {
		for (const [id, running] of this.#running) if (!isAlive(state, id, running, now)) this.end(state, id);
	}

	#choose(state: FleetState, request: PullRequest, now: number): PullPlace {
		const joined = this.#nodePulling(state, request, now);
		if (joined) return { kind: "place", target: joined, why: "joined" };
		const choice = choosePullNode([...state.nodes.values()], request);
		if (choice.kind === "none") return { kind: "no-node", reasons: choice.reasons };
		const node = state.nodes.get(choice.nodeId);
		return node ? { kind: "place", target: toTarget(node), why: choice.why } : { kind: "absent" };
	}

	#nodePulling(state: FleetState, { model, excluded }: PullRequest, now: number): Target | undefined {
		const name = canonicalName(model);
		for (const [id, running] of this.#running) {
			if (running.model !== name || excluded.includes(running.nodeId) || !isAlive(state, id, running, now)) continue;
			const node = nodeNamed(state, running.nodeId);
			if (node.kind === "usable") return node.target;
		}
		return undefined;
	}
}

/** Its size is what its node says of it. */
function showOfClient({ clientPulls }: FleetState, { id, model }: PullRequest, { nodeId }: Target, now: number): void {
	const job = newJob({ model: canonicalName(model), pullAs: model, sizeBytes: 0, askedNode: nodeId }, now);
	startAt(job, nodeId, now);
	clientPulls.set(id, job);
}

/** A pull whose end was never told is over once its node stops listing it. */
function isAlive(state: FleetState, id: string, { nodeId, startedAt }: Running, now: number): boolean {
	return now - startedAt < UNSEEN_TRUST_MS || (state.nodes.get(nodeId)?.beat.in_flight.includes(id) ?? false);
}

function named(state: FleetState, nodeId: string): PullPlace {
	const node = nodeNamed(state, nodeId);
	if (node.kind === "usable") return { kind: "place", target: node.target, why: "asked" };
	return node.kind === "absent" ? node : { kind: "no-node", reasons: { [nodeId]: node.reasons } };
}
