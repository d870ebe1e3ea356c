/** The rivals, by the names of the table. */
import type { PolicyMaker } from "../engine/policy.ts";
import { herd } from "./herd.ts";
import { oracle } from "./oracle.ts";
import { rule } from "./rule.ts";
import { leastConnections, random, roundRobin } from "./simple.ts";

export const POLICIES = {
	random: random(),
	"round-robin": roundRobin(),
	"least-connections": leastConnections(),
	"herd-0.6.1": herd({ wholeNode: false }),
	"herd-fixed": herd({ wholeNode: true }),
	ours: rule(),
	oracle: oracle(),
} satisfies Record<string, PolicyMaker>;

export type PolicyName = keyof typeof POLICIES;
export const POLICY_NAMES = Object.keys(POLICIES) as PolicyName[];
