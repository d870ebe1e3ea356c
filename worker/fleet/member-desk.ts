/** What may be said about nodes from outside the Fleet object: who is let in, who takes work, who goes. */
import { RpcTarget } from "cloudflare:workers";
import { log } from "../log.ts";
import type { Drain } from "../protocol/heartbeat.ts";
import { type Drained, drainedOf, setDrained, type Speaker } from "./drain.ts";
import { forgetMember } from "./forget.ts";
import { approve } from "./membership.ts";
import { type Paused, pausedOf, setPaused } from "./pauses.ts";
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
		const node = setDrained(this.#parts.state, drain, by);
		if (!node) return undefined;
		this.#changed(node, node.drained ? "Node drained" : "Node resumed");
		return drainedOf(node);
	}

	/** Leaves a node to its owner for so many seconds, or until it is resumed. Undefined when there is no such node. */
	pause(nodeId: string, forS: number | undefined): Paused | undefined {
		const node = this.#parts.state.nodes.get(nodeId);
		if (!node) return undefined;
		setPaused(node, forS, Date.now());
		this.#changed(node, "Node paused");
		return pausedOf(node);
	}

	/** Takes back both words of the router. Undefined when there is no such node. */
	resume(nodeId: string): Drained | undefined {
		const node = this.#parts.state.nodes.get(nodeId);
		if (node) delete node.pause;
		return this.drain({ node_id: nodeId, draining: false }, "admin");
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

	#changed(node: NodeRecord, event: string): void {
		log("info", event, { node_id: node.nodeId });
		this.#parts.save(node);
		this.#parts.pass();
	}
}
