/** Why a node can't take a request. Every refusal has a name that reaches the client, the trace and the page. Pure. */
import type { RouteRequest } from "../protocol/inference.ts";
import { type Candidate, candidateOf, ceilingBytes, type NodeView } from "./candidate.ts";
import { dialectReason } from "./dialects.ts";
import { fits, loadedBytes } from "./fit.ts";

export type NodeReason = "pending-approval" | "offline" | "draining" | "paused" | "capacity-paused" | "ollama-down" | "door-unreachable";
export type Reason =
	| NodeReason
	| "excluded"
	| "not-asked-for"
	| "model-missing"
	| "memory-critical"
	| "does-not-fit"
	| "over-ceiling"
	| "capability-missing"
	| "dialect-unsupported";

/** Said to a person, after the node's name. */
export const REASON_TEXT: Record<Reason, string> = {
	"pending-approval": "waits for approval",
	offline: "is offline",
	draining: "is draining",
	paused: "is paused",
	"capacity-paused": "is in use by its owner",
	"ollama-down": "its Ollama does not run",
	"door-unreachable": "the router can't reach its door",
	excluded: "failed this request already",
	"not-asked-for": "is not the machine that X-Fleet-Only-Node names",
	"model-missing": "does not have the model",
	"memory-critical": "its memory is too short to load a model now",
	"does-not-fit": "is too small for the model",
	"over-ceiling": "its owner leaves it too little memory now to load the model",
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
	const pause = pauseReason(node);
	if (pause) reasons.push(pause);
	if (OLLAMA_DOWN.has(node.beat.ollama.state)) reasons.push("ollama-down");
	if (!node.doorReachable && node.status !== "offline" && node.status !== "pending") reasons.push("door-unreachable");
	return reasons;
}

/** Somebody's word, at the router or on the machine; else what its agent has learned. */
function pauseReason({ pause, beat: { capacity } }: NodeView): NodeReason | undefined {
	if (pause) return "paused";
	if (capacity?.mode !== "paused") return undefined;
	return capacity.override_active ? "paused" : "capacity-paused";
}

/** Every reason against serving `request` with `model` on `node`; empty means it is eligible. */
export function reasonsAgainst(node: NodeView, model: string, request: RouteRequest): Reason[] {
	const candidate = candidateOf(node, model);
	const reasons: Reason[] = [...nodeReasons(node)];
	if (request.excluded.includes(node.nodeId)) reasons.push("excluded");
	if (request.onlyNode !== undefined && request.onlyNode !== node.nodeId) return [...reasons, "not-asked-for"];
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
	if (loadedBytes(candidate.sizeBytes) > ceilingBytes(candidate.node)) reasons.push("over-ceiling");
	return reasons;
}

/** A chat model is let through for embeddings and back: Ollama refuses that in its own words, which the client should see. */
function capable(candidate: Candidate, request: RouteRequest): boolean {
	const capabilities = candidate.installed?.capabilities;
	if (!capabilities || !request.needsVision) return true;
	return capabilities.includes("vision");
}
