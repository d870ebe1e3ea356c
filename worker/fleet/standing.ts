/** What a machine may know about itself. Pure over the state given. */
import type { Standing } from "../protocol/standing.ts";
import { nodeReasons } from "../routing/eligibility.ts";
import { sameSecret } from "../secrets.ts";
import { ROUTER_VERSION } from "../version.ts";
import type { Presented } from "./membership.ts";
import type { FleetState, NodeRecord } from "./state.ts";

export function standingOf(state: FleetState, nodeId: string, { secret, token, joinToken }: Presented & { joinToken: string }): Standing {
	const node = state.nodes.get(nodeId) ?? state.pending.get(nodeId);
	const proof = { secret: judged(secret, node?.secret), token: judged(token, joinToken) };
	const mayKnow = proof.secret === "accepted" || proof.token === "accepted";
	return { router_version: ROUTER_VERSION, ...proof, node: node && mayKnow ? toStanding(node) : null };
}

function judged(given: string | undefined, expected: string | undefined): Standing["token"] {
	if (!given) return "none";
	return sameSecret(given, expected) ? "accepted" : "refused";
}

function toStanding(node: NodeRecord): NonNullable<Standing["node"]> {
	const { status, approved, doorReachable, beat } = node;
	const doorUrl = beat.door_url === undefined ? {} : { door_url: beat.door_url };
	return { status: approved ? status : "pending", blocked_by: nodeReasons(node), door_reachable: doorReachable, ...doorUrl };
}
