/** What the Fleet object tells about itself: nothing here changes anything. */
import { DurableObject } from "cloudflare:workers";
import type { Env } from "../env.ts";
import type { NodeCapacity } from "../protocol/capacity.ts";
import type { FleetSnapshot } from "../protocol/fleet.ts";
import { nodeCapacity } from "./capacity-report.ts";
import { type FleetResident, type FleetTag, lowestVersion, mergeResident, mergeTags } from "./listing.ts";
import { toSnapshot } from "./snapshot.ts";
import type { FleetState } from "./state.ts";
import { leastBusy, type NamedNode, nodeNamed, type Target, type Whereabouts, whoHas } from "./targets.ts";

export abstract class FleetReadings extends DurableObject<Env> {
	protected abstract readonly state: FleetState;

	status(): FleetSnapshot {
		return toSnapshot(this.state, Date.now());
	}

	/** Undefined when there is no such node in the fleet. */
	capacityOf(nodeId: string): NodeCapacity | undefined {
		const node = this.state.nodes.get(nodeId);
		return node && nodeCapacity(node);
	}

	tags(): FleetTag[] {
		return mergeTags(this.state);
	}

	resident(): FleetResident[] {
		return mergeResident(this.state);
	}

	version(): string | undefined {
		return lowestVersion(this.state);
	}

	/** Any node that answers, the least busy one; undefined when there is none. */
	someNode(): Target | undefined {
		return leastBusy(this.state);
	}

	whoHas(model: string): Whereabouts {
		return whoHas(this.state, model);
	}

	nodeNamed(nodeId: string): NamedNode {
		return nodeNamed(this.state, nodeId);
	}
}
