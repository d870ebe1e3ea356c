/** Why a model should not be deleted from a machine just now. Pure. */
import { nodeReasons, REASON_TEXT } from "../../routing/eligibility.ts";
import type { NodeRecord } from "../state.ts";

export interface Refusal {
	readonly status: number;
	readonly message: string;
}

/** Undefined when nothing speaks against it. `force` passes over work and pins, not over what makes it impossible. */
export function againstDeleting(
	node: NodeRecord,
	model: string,
	{ isPinned, force }: { isPinned: boolean; force: boolean },
): Refusal | undefined {
	const { nodeId, installed, resident, inFlight, external } = node;
	const reasons = nodeReasons(node).filter((reason) => reason !== "draining");
	if (reasons.length > 0) return { status: 409, message: `${nodeId} ${reasons.map((reason) => REASON_TEXT[reason]).join(" and ")}` };
	if (!installed.has(model)) return { status: 404, message: `model '${model}' is not on the disk of ${nodeId}` };
	if (force) return undefined;
	if (isPinned) return { status: 409, message: `model '${model}' is pinned on ${nodeId}: unpin it first, or send force` };
	const running = inFlight.get(model) ?? 0;
	if (running > 0) return { status: 409, message: `model '${model}' answers ${counted(running)} on ${nodeId} now: wait, or send force` };
	if (resident.has(model) && (external?.jobs ?? 0) > 0)
		return { status: 409, message: `model '${model}' is loaded on ${nodeId}, whose Ollama works past the router now: wait, or send force` };
	return undefined;
}

function counted(requests: number): string {
	return requests === 1 ? "1 request" : `${requests} requests`;
}
