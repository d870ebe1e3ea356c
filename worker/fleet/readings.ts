/** What the Fleet object tells about itself: nothing here changes anything. */
import { DurableObject } from "cloudflare:workers";
import { type Env, settingsOf } from "../env.ts";
import type { NodeCapacity } from "../protocol/capacity.ts";
import type { FleetSnapshot } from "../protocol/fleet.ts";
import type { Standing } from "../protocol/standing.ts";
import { nodeCapacity } from "./capacity-report.ts";
import { type FleetResident, type FleetTag, lowestVersion, mergeResident, mergeTags } from "./listing.ts";
import type { Presented } from "./membership.ts";
import { toSnapshot } from "./snapshot.ts";
import { standingOf } from "./standing.ts";
import type { FleetState } from "./state.ts";
import { doorOf, leastBusy, type NamedNode, nodeNamed, type Target, type Whereabouts, whoHas } from "./targets.ts";

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

	/** Whatever keeps work from the node: its agent can be spoken to all the same. Undefined when it is not in the fleet, or gone. */
	doorOf(nodeId: string): Target | undefined {
		return doorOf(this.state, nodeId);
	}

	/** For the machine itself: what its credentials are worth, and how it is seen. */
	standing(nodeId: string, presented: Presented): Standing {
		return standingOf(this.state, nodeId, { ...presented, joinToken: settingsOf(this.env).FLEET_NODE_TOKEN });
	}
}
