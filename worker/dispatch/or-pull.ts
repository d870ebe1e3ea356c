/** A place for a model that no node has is waited for until the fleet has pulled it, where it may. */
import type { Grant } from "../fleet/grant.ts";
import { canonicalName } from "../routing/names.ts";
import type { ParsedRequest } from "./parse-request.ts";
import type { Ports } from "./ports.ts";

/** `take` asks for the place; it is asked again once the model is on its way. */
export async function orPull(
	{ model }: ParsedRequest,
	signal: AbortSignal,
	{ fleet }: Pick<Ports, "fleet">,
	take: () => Promise<Grant>,
): Promise<Grant> {
	const grant = await take();
	if (grant.kind !== "unknown-model" || signal.aborted) return grant;
	// The client's own spelling, unless the name it used stands for another
	const answer = await fleet()
		.models()
		.pullFor(canonicalName(model) === grant.model ? model : grant.model);
	if (answer.kind === "pulling") return signal.aborted ? { kind: "cancelled" } : take();
	return answer.why === undefined ? grant : { ...grant, notPulled: answer.why };
}
