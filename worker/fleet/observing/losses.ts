/** When machines fell silent, and when requests got stuck on them: the last few times each. */
import type { NodeStatus } from "../../protocol/fleet.ts";
import type { FleetState } from "../state.ts";

const KEPT = 20;

interface Troubles {
	status: NodeStatus;
	lostAt: number[];
	stalledAt: number[];
}

export class Losses {
	readonly #byNode = new Map<string, Troubles>();

	/** To be called every few seconds. A machine that was stopped on purpose is not lost. */
	look({ nodes }: FleetState, now: number): void {
		for (const nodeId of this.#byNode.keys()) if (!nodes.has(nodeId)) this.#byNode.delete(nodeId);
		for (const { nodeId, status, left } of nodes.values()) {
			const troubles = this.of(nodeId);
			if (troubles.status === "online" && status !== "online" && !left) keep(troubles.lostAt, now);
			troubles.status = status;
		}
	}

	stalled(nodeId: string, now: number): void {
		keep(this.of(nodeId).stalledAt, now);
	}

	of(nodeId: string): Troubles {
		const known = this.#byNode.get(nodeId);
		if (known) return known;
		const fresh: Troubles = { status: "pending", lostAt: [], stalledAt: [] };
		this.#byNode.set(nodeId, fresh);
		return fresh;
	}
}

function keep(times: number[], now: number): void {
	times.push(now);
	if (times.length > KEPT) times.shift();
}
