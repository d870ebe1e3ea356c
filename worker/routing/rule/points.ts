/** The seven published signals, with everything on the node counted as depth. Pure. */
import { type Candidate, candidateOf } from "../candidate.ts";
import { type Breakdown, score } from "../score.ts";
import type { SignalContext } from "../signal.ts";
import type { WorkNode } from "./board.ts";

/** Stand for work that is no own request for a model, in the counts that depth is made of. */
const EXTERNAL = "(external)";
const BOOKED = "(booked)";

export function pointsOf({ node, model }: Candidate, work: WorkNode, context: SignalContext): Breakdown {
	return score(candidateOf({ ...node, inFlight: depthOf(work) }, model), context);
}

function depthOf({ node, jobs, backlogS }: WorkNode): Map<string, number> {
	const depth = new Map<string, number>();
	for (const { model } of jobs) depth.set(model, (depth.get(model) ?? 0) + 1);
	if (node.external) depth.set(EXTERNAL, node.external.jobs);
	if (backlogS > 0) depth.set(BOOKED, 1);
	return depth;
}
