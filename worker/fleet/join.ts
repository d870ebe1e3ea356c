/** Who may beat as which node (DESIGN section 8). Pure: secrets are made and compared by the caller. */
import type { Heartbeat } from "../protocol/heartbeat.ts";
import { isGone } from "./liveness.ts";
import type { FleetState } from "./state.ts";

/** More machines than this can't wait for approval at once, so that strangers can't fill the memory. */
const MAX_PENDING = 32;

/** What a beat proved, found by constant-time comparison before this is asked. */
export interface Credentials {
	readonly ownSecret: boolean;
	readonly pendingSecret: boolean;
	readonly joinToken: boolean;
	/** A token was sent, right or wrong. */
	readonly tokenSent: boolean;
}

export type Admission =
	| { kind: "known" }
	/** Let in now, with a new secret. */
	| { kind: "joined" }
	/** Waits for approval; `fresh` when it needs a secret of its own first. */
	| { kind: "pending"; fresh: boolean }
	| { kind: "refused"; status: 401 | 403 | 409 | 429; message: string };

export function admit(state: FleetState, beat: Pick<Heartbeat, "node_id" | "machine_id">, proof: Credentials, now: number): Admission {
	const known = state.nodes.get(beat.node_id);
	const sameMachine = known?.machineId === beat.machine_id;
	if (known && sameMachine && proof.ownSecret) return { kind: "known" };
	if (known && !sameMachine && !isGone(known, state.patience, now)) return refuse(409, taken(beat.node_id));
	if (proof.joinToken) return { kind: "joined" };
	if (proof.pendingSecret) return { kind: "pending", fresh: false };
	if (proof.tokenSent) return refuse(403, "The join token is wrong: it is in the file join-token in the router's data folder");
	if (known && sameMachine) return refuse(401, `Node "${beat.node_id}" is known here but sent no valid secret: join again with the token`);
	return admitPending(state, beat, proof, now);
}

function admitPending(state: FleetState, beat: Pick<Heartbeat, "node_id" | "machine_id">, proof: Credentials, now: number): Admission {
	const pending = state.pending.get(beat.node_id);
	if (pending && pending.machineId !== beat.machine_id && !isGone(pending, state.patience, now)) return refuse(409, taken(beat.node_id));
	if (pending && pending.machineId === beat.machine_id && !isGone(pending, state.patience, now))
		return refuse(401, `Node "${beat.node_id}" waits for approval already, under another secret`);
	if (!pending && state.pending.size >= MAX_PENDING) return refuse(429, `${MAX_PENDING} machines wait for approval already`);
	return { kind: "pending", fresh: true };
}

function taken(nodeId: string): string {
	return `Another machine is in the fleet as "${nodeId}": start this agent with another --node-id, or stop the other one first`;
}

function refuse(status: 401 | 403 | 409 | 429, message: string): Admission {
	return { kind: "refused", status, message };
}
