/** What the Fleet object answers to a request for a place. */
import type { Attempt } from "../protocol/trace.ts";
import type { Reason } from "../routing/eligibility.ts";
import type { RuleReason } from "../routing/rule/decision.ts";
import type { Breakdown } from "../routing/score.ts";
import { type ServedFacts, servedFacts } from "../rewrite/served-facts.ts";
import { nearestNames } from "../routing/names.ts";
import { patienceMs } from "./patience.ts";
import type { PullWord } from "./auto-pull/while-pulled.ts";
import type { Settlement } from "./queue.ts";
import type { Ended } from "./verdicts.ts";
import type { FleetState } from "./state.ts";
import { installedNames } from "./targets.ts";

/** A place taken; the caller must give it back with `finish`, or ask again with the failed node excluded. */
export interface Granted {
	readonly kind: "granted";
	readonly nodeId: string;
	readonly doorUrl: string;
	readonly secret: string;
	readonly model: string;
	readonly reason: RuleReason;
	readonly breakdown: Breakdown;
	/** Tokens of the prompt that the node is believed to have read before, of as many as its estimate says. */
	readonly knownTokens: number;
	/** False when the model must be loaded first. */
	readonly resident: boolean;
	/** How long a stream's first byte may take; absent: as configured. */
	readonly patienceMs?: number | undefined;
	/** Why another model than the one asked for; empty for the one asked for. */
	readonly because: string;
	/** What rewriting the body must know. */
	readonly facts: ServedFacts;
}

export type Refused =
	| {
			readonly kind: "unknown-model";
			readonly model: string;
			readonly nearest: readonly string[];
			readonly nodesTotal: number;
			/** Why it is not pulled, for a person. */
			readonly notPulled?: string;
	  }
	| PullWord
	| { readonly kind: "no-node"; readonly model: string; readonly reasons: Readonly<Record<string, readonly Reason[]>> }
	| { readonly kind: "queue-full"; readonly waiting: number }
	| { readonly kind: "timed-out"; readonly waitedMs: number }
	| { readonly kind: "cancelled" };

export type Grant = Granted | Refused;

/** A node that failed a request before its first byte, told with the next `acquire`. */
export type FailedAttempt = Pick<Attempt, "node_id"> & Ended;

export function toGrant(state: FleetState, result: Settlement): Grant {
	if (result.kind === "refused") {
		if (result.installedAnywhere) return { kind: "no-node", model: result.model, reasons: result.reasons };
		return {
			kind: "unknown-model",
			model: result.model,
			nearest: nearestNames(result.model, installedNames(state)),
			nodesTotal: state.nodes.size,
		};
	}
	if (result.kind !== "assigned") return result;
	const { node, because, decision } = result;
	const { model, reason, breakdown, resident, terms } = decision;
	return {
		kind: "granted",
		nodeId: node.nodeId,
		doorUrl: node.beat.door_url ?? "",
		secret: node.secret,
		model,
		reason,
		breakdown,
		resident,
		knownTokens: terms.knownTokens,
		patienceMs: patienceMs(decision),
		because,
		facts: servedFacts(node, model),
	};
}
