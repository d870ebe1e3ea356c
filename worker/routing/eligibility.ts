/** Why a node can't take a request. Every refusal has a name that reaches the client, the trace and the page. Pure. */
import type { RouteRequest } from "../protocol/inference.ts";
import { type Candidate, candidateOf, type NodeView } from "./candidate.ts";
import { dialectReason } from "./dialects.ts";
import { fits } from "./fit.ts";

export type NodeReason = "pending-approval" | "offline" | "draining" | "ollama-down" | "door-unreachable";
export type Reason =
	| NodeReason
	| "excluded"
	| "model-missing"
	| "memory-critical"
	| "does-not-fit"
	| "capability-missing"
	| "dialect-unsupported";

/** Said to a person, after the node's name. */
export const REASON_TEXT: Record<Reason, string> = {
	"pending-approval": "waits for approval",
	offline: "is offline",
	draining: "is draining",
	"ollama-down": "its Ollama does not run",
	"door-unreachable": "the router can't reach its door",
	excluded: "failed this request already",
	"model-missing": "does not have the model",
	"memory-critical": "its memory is too short to load a model now",
	"does-not-fit": "is too small for the model",
	"capability-missing": "its copy of the model lacks what the request needs",
	"dialect-unsupported": "its Ollama does not serve this API",
};

const OLLAMA_DOWN = new Set(["stopped", "crashed", "not-installed", "too-old", "starting"]);

/** What keeps a node from taking any work at all now. */
export function nodeReasons(node: NodeView): NodeReason[] {
	const reasons: NodeReason[] = [];
	if (node.status === "pending") reasons.push("pending-approval");
	if (node.status === "offline") reasons.push("offline");
	if (node.beat.draining || node.drained) reasons.push("draining");
	if (OLLAMA_DOWN.has(node.beat.ollama.state)) reasons.push("ollama-down");
	if (!node.doorReachable && node.status !== "offline" && node.status !== "pending") reasons.push("door-unreachable");
	return reasons;
}

/** Every reason against serving `request` with `model` on `node`; empty means it is eligible. */
export function reasonsAgainst(node: NodeView, model: string, request: RouteRequest): Reason[] {
	const candidate = candidateOf(node, model);
	const reasons: Reason[] = [...nodeReasons(node)];
	if (request.excluded.includes(node.nodeId)) reasons.push("excluded");
	if (!candidate.installed && !candidate.resident) return [...reasons, "model-missing"];
	if (!candidate.resident) reasons.push(...coldReasons(candidate));
	if (!capable(candidate, request)) reasons.push("capability-missing");
	if (dialectReason(node.beat.ollama.version, request.path)) reasons.push("dialect-unsupported");
	return reasons;
}

function coldReasons(candidate: Candidate): Reason[] {
	const reasons: Reason[] = [];
	if (candidate.node.beat.memory.pressure === "critical") reasons.push("memory-critical");
	if (!fits(candidate)) reasons.push("does-not-fit");
	return reasons;
}

/** A chat model is let through for embeddings and back: Ollama refuses that in its own words, which the client should see. */
function capable(candidate: Candidate, request: RouteRequest): boolean {
	const capabilities = candidate.installed?.capabilities;
	if (!capabilities || !request.needsVision) return true;
	return capabilities.includes("vision");
}
