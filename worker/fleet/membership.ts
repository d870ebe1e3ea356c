/** Joining, beating, approving, leaving: who is in the fleet. Pure over the state given; secrets are made by the caller. */
import type { Farewell, Heartbeat } from "../protocol/heartbeat.ts";
import { sameSecret } from "../secrets.ts";
import { applyBeat, learnRoom, newNode } from "./beat.ts";
import { admit, type Credentials } from "./join.ts";
import { statusAt } from "./liveness.ts";
import { type BeatAnswer, replyTo } from "./reply.ts";
import type { FleetState, NodeRecord } from "./state.ts";

/** What came with a beat. */
export interface Presented {
	readonly secret: string | undefined;
	readonly token: string | undefined;
}

export interface BeatResult {
	readonly answer: BeatAnswer;
	readonly node?: NodeRecord;
	/** Something changed that must outlive a restart. */
	readonly durable: boolean;
	readonly joined: boolean;
}

interface BeatContext {
	readonly presented: Presented;
	readonly joinToken: string;
	readonly now: number;
	readonly makeSecret: () => string;
}

export function receiveBeat(state: FleetState, beat: Heartbeat, context: BeatContext): BeatResult {
	const { now, makeSecret } = context;
	const admission = admit(state, beat, credentialsOf(state, beat, context), now);
	switch (admission.kind) {
		case "refused":
			return { answer: { status: admission.status, body: { error: admission.message } }, durable: false, joined: false };
		case "known":
			return takeIn(state, state.nodes.get(beat.node_id), beat, now);
		case "pending":
			if (!admission.fresh) return takeIn(state, state.pending.get(beat.node_id), bareOf(beat), now);
			return welcome(state.pending, newNode(bareOf(beat), { secret: makeSecret(), approved: false }, now), false);
		case "joined":
			state.pending.delete(beat.node_id);
			return welcome(state.nodes, asMember(state, newNode(beat, { secret: makeSecret(), approved: true }, now)), true);
	}
}

/** Of a machine that nobody has let in only what tells it apart is kept. Its models come with the first beat after that. */
function bareOf(beat: Heartbeat): Heartbeat {
	const ollama = { ...beat.ollama, models_loaded: [], models_available: undefined };
	return { ...beat, gpus: beat.gpus.slice(0, 1), failed_probes: [], in_flight: [], at_work: [], quiet: [], capacity: undefined, ollama };
}

function welcome(nodes: Map<string, NodeRecord>, node: NodeRecord, joined: boolean): BeatResult {
	nodes.set(node.nodeId, node);
	return { answer: replyTo(node, node.secret), node, durable: joined, joined };
}

function takeIn(state: FleetState, node: NodeRecord | undefined, beat: Heartbeat, now: number): BeatResult {
	if (!node) throw new Error(`Admitted a beat of "${beat.node_id}", which is not in the fleet`);
	const changed = applyBeat(state, node, beat, now);
	return { answer: replyTo(node, undefined), node, durable: changed && node.approved, joined: false };
}

/** A node that joins again still runs what it ran, and its history holds. */
function asMember(state: FleetState, node: NodeRecord): NodeRecord {
	learnRoom(node, state.knowledge.estimates);
	const before = state.nodes.get(node.nodeId);
	if (!before) return node;
	const { inFlight, latencyP75Ms, unloadedAt, jobs, occupancy, breakers, drained, pause } = before;
	return { ...node, inFlight, latencyP75Ms, unloadedAt, jobs, occupancy, breakers, drained, ...(pause && { pause }) };
}

function credentialsOf(state: FleetState, beat: Heartbeat, { presented, joinToken }: BeatContext): Credentials {
	return {
		ownSecret: sameSecret(presented.secret, state.nodes.get(beat.node_id)?.secret),
		pendingSecret: sameSecret(presented.secret, state.pending.get(beat.node_id)?.secret),
		joinToken: sameSecret(presented.token, joinToken),
		tokenSent: Boolean(presented.token),
	};
}

/** A pending machine becomes a node; another machine that had the name loses it and its secret. */
export function approve(state: FleetState, nodeId: string, now: number): NodeRecord | undefined {
	const node = state.pending.get(nodeId);
	if (!node) return undefined;
	state.pending.delete(nodeId);
	node.approved = true;
	node.status = statusAt(node, state.patience, now);
	const member = asMember(state, node);
	state.nodes.set(nodeId, member);
	return member;
}

/** An agent stopped on purpose: offline at once. False without the node's secret. */
export function leave(state: FleetState, farewell: Farewell, secret: string | undefined, now: number): boolean {
	const node = state.nodes.get(farewell.node_id);
	if (!node || node.machineId !== farewell.machine_id || !sameSecret(secret, node.secret)) return false;
	node.left = true;
	node.status = statusAt(node, state.patience, now);
	return true;
}
