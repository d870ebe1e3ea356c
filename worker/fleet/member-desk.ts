/** What may be said about nodes from outside the Fleet object: who is let in, who takes work, who goes. */
import { RpcTarget } from "cloudflare:workers";
import { log } from "../log.ts";
import type { Drain } from "../protocol/heartbeat.ts";
import { type Drained, drainedOf, setDrained, type Speaker } from "./drain.ts";
import { forgetMember } from "./forget.ts";
import { approve } from "./membership.ts";
import type { PinKeeper } from "./pins/keeper.ts";
import type { FleetState, NodeRecord } from "./state.ts";

export interface MemberDeskParts {
	readonly state: FleetState;
	readonly pins: PinKeeper;
	readonly save: (node: NodeRecord) => void;
	/** Drops what is saved of it. */
	readonly drop: (nodeId: string) => void;
	readonly checkDoor: (node: NodeRecord) => void;
	/** Chooses anew for those who wait. */
	readonly pass: () => void;
}

export class MemberDesk extends RpcTarget {
	readonly #parts: MemberDeskParts;

	constructor(parts: MemberDeskParts) {
		super();
		this.#parts = parts;
	}

	/** False when no machine of that name waits for approval. */
	approve(nodeId: string): boolean {
		const { state, save, checkDoor } = this.#parts;
		const node = approve(state, nodeId, Date.now());
		if (!node) return false;
		log("info", "Node approved", { node_id: nodeId });
		save(node);
		checkDoor(node);
		return true;
	}

	/** Takes a node out of service, or back. Undefined when there is no such node, or the word is not its own. */
	drain(drain: Drain, by: Speaker): Drained | undefined {
		const { state, save, pass } = this.#parts;
		const node = setDrained(state, drain, by);
		if (!node) return undefined;
		log("info", node.drained ? "Node drained" : "Node resumed", { node_id: node.nodeId });
		save(node);
		pass();
		return drainedOf(node);
	}

	/** Removes a node or a pending machine; its secret dies with it. False when there is none of that name. */
	forget(nodeId: string): boolean {
		const { state, drop, pins, pass } = this.#parts;
		drop(nodeId);
		const forgotten = forgetMember(state, nodeId);
		pins.forget(nodeId);
		if (forgotten) log("info", "Node forgotten", { node_id: nodeId });
		pass();
		return forgotten;
	}
}
