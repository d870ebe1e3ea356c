/** Which doors are being checked now, and what follows from the answer. */
import { log } from "../log.ts";
import { doorAnswers } from "./door-check.ts";
import type { FleetState, NodeRecord } from "./state.ts";

export class DoorChecks {
	readonly #checking = new Set<string>();
	readonly #state: FleetState;
	readonly #send: typeof fetch;

	constructor(state: FleetState, send: typeof fetch) {
		this.#state = state;
		this.#send = send;
	}

	/** A door that answers is open, one that does not is shut until a later check. True when that changed. */
	async check(node: NodeRecord, tries: number): Promise<boolean> {
		const url = node.beat.door_url;
		if (!url || this.#checking.has(node.nodeId)) return false;
		this.#checking.add(node.nodeId);
		const startedAt = Date.now();
		const reached = await doorAnswers({ nodeId: node.nodeId, secret: node.secret, url }, this.#send, tries);
		this.#checking.delete(node.nodeId);
		if (this.#state.nodes.get(node.nodeId) !== node || node.beat.door_url !== url) return false;
		node.doorShutAt = reached ? undefined : (node.doorShutAt ?? startedAt);
		if (node.doorReachable === reached) return false;
		log(reached ? "info" : "warn", reached ? "Door reached" : "Door lost", { node_id: node.nodeId });
		node.doorReachable = reached;
		return true;
	}
}
