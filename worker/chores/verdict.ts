/** Sums up what several nodes said to one change. Pure. */

/** `gone`: a 404, the model was not there any more. `refused`: another 4xx, which every node would say. */
export type Outcome =
	| { readonly kind: "done" | "gone" | "refused"; readonly nodeId: string }
	| { readonly kind: "failed"; readonly nodeId: string; readonly why: string };

export type Verdict =
	| { readonly kind: "done"; readonly nodeIds: readonly string[] }
	/** Nobody did it, and this node's answer says why. */
	| { readonly kind: "relay"; readonly nodeId: string }
	| { readonly kind: "partial"; readonly message: string };

/** `deed` as in "was deleted". */
export function verdictOn(outcomes: readonly Outcome[], model: string, deed: string): Verdict {
	const ids = (kind: Outcome["kind"]) => outcomes.filter((outcome) => outcome.kind === kind).map(({ nodeId }) => nodeId);
	const [done, failures] = [ids("done"), outcomes.filter((outcome) => outcome.kind === "failed")];
	const [refusing] = ids("refused");
	if (refusing !== undefined && done.length === 0) return { kind: "relay", nodeId: refusing };
	const left = [...failures.map(({ nodeId, why }) => `${nodeId} (${why})`), ...ids("refused").map((nodeId) => `${nodeId} (refused)`)];
	if (left.length > 0) return { kind: "partial", message: partial({ model, deed, done, left }) };
	const [gone] = ids("gone");
	return done.length > 0 || gone === undefined ? { kind: "done", nodeIds: done } : { kind: "relay", nodeId: gone };
}

function partial({ model, deed, done, left }: { model: string; deed: string; done: readonly string[]; left: readonly string[] }): string {
	if (done.length === 0) return `model '${model}' was ${deed} nowhere: failed on ${left.join(", ")}`;
	return `model '${model}' was ${deed} on ${done.join(", ")}, but not on ${left.join(", ")}`;
}
