/** Who may be sent work: what may be asked about a node's service from outside the Fleet object. */
import { RpcTarget } from "cloudflare:workers";
import { log } from "../../log.ts";
import type { Drain } from "../../protocol/heartbeat.ts";
import { type Drained, drainedOf, setDrained, type Speaker } from "../drain.ts";
import type { FleetState, NodeRecord } from "../state.ts";
import { type Paused, pausedOf, setPaused } from "./pauses.ts";

export interface ServiceParts {
	readonly state: FleetState;
	/** Saves the node, and looks whether something that waits can start now. */
	readonly changed: (node: NodeRecord) => void;
}

export class ServiceDesk extends RpcTarget {
	readonly #parts: ServiceParts;

	constructor(parts: ServiceParts) {
		super();
		this.#parts = parts;
	}

	/** Takes a node out of service, or back. Undefined when there is no such node, or the word is not its own. */
	drain(drain: Drain, by: Speaker): Drained | undefined {
		const node = setDrained(this.#parts.state, drain, by);
		if (!node) return undefined;
		this.#note(node, node.drained ? "Node drained" : "Node resumed");
		return drainedOf(node);
	}

	/** Leaves a node alone for so many seconds, or until it is resumed. Undefined when there is no such node. */
	pause(nodeId: string, forS: number | undefined): Paused | undefined {
		const node = this.#parts.state.nodes.get(nodeId);
		if (!node) return undefined;
		setPaused(node, forS, Date.now());
		this.#note(node, "Node paused");
		return pausedOf(node);
	}

	/** Takes back both words of the router. Undefined when there is no such node. */
	resume(nodeId: string): Drained | undefined {
		const node = this.#parts.state.nodes.get(nodeId);
		if (!node) return undefined;
		delete node.pause;
		return this.drain({ node_id: nodeId, draining: false }, "admin");
	}

	#note(node: NodeRecord, event: string): void {
		log("info", event, { node_id: node.nodeId });
		this.#parts.changed(node);
	}
}
