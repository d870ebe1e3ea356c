/** What a machine's state is called on the page. Pure. */
import type { NodeSnapshot } from "../../../worker/protocol/fleet.ts";
import { nominalGib } from "../../../worker/protocol/nominal-memory.ts";
import { counted, span } from "../format.ts";
import type { Tone } from "../tone.ts";

const GIB = 1024 ** 3;

export interface NodeState {
	readonly tone: Tone;
	readonly words: string;
}

/** Whether the machine's values are from now: after this silence they only tell what was. */
export function isPresent(node: NodeSnapshot): boolean {
	return node.status === "online" || node.status === "degraded";
}

/** A machine's state in a few words, the first thing its card says. */
export function nodeState(node: NodeSnapshot): NodeState {
	if (node.status === "pending") return { tone: "attention", words: "asks to join" };
	if (node.status === "offline") return { tone: "resting", words: `offline, last heard ${span(node.last_seen_ago_ms)} ago` };
	const active = node.ollama.requests_active;
	const doing = active > 0 ? `answering ${counted(active, "request")}` : undefined;
	if (node.status === "degraded") return { tone: "attention", words: join(doing, `silent for ${span(node.last_seen_ago_ms)}`) };
	if (node.blocked_by.length > 0) return { tone: restsOnPurpose(node) ? "resting" : "broken", words: join(doing, "takes no new work") };
	return { tone: "ok", words: doing ?? "ready, idle" };
}

function join(...parts: (string | undefined)[]): string {
	return parts.filter((part) => part !== undefined).join(", ");
}

/** Somebody wants it so: nothing is broken. */
function restsOnPurpose({ blocked_by }: NodeSnapshot): boolean {
	return blocked_by.every((reason) => reason === "draining" || reason === "paused" || reason === "capacity-paused");
}

/** `M2 Ultra · 192 GB`, as on its box; parts that aren't known are left out. */
export function hardwareWords({ hardware }: NodeSnapshot): string {
	const memory = hardware.memory_total_gb > 0 ? `${nominalGib(hardware.memory_total_gb * GIB)} GB` : "";
	return [hardware.chip || hardware.arch, memory].filter((part) => part !== "").join(" · ");
}

/** How warm it is, only when that matters. */
export function thermalWarning({ thermal }: NodeSnapshot): string | undefined {
	if (thermal.state === "critical") return "too hot, slowed down by its system";
	return thermal.state === "warning" ? "running warm" : undefined;
}

/** Ordered so that no card ever changes its place by itself: who asks to join first, then by name. */
export function inPlace(nodes: readonly NodeSnapshot[]): NodeSnapshot[] {
	return [...nodes].sort((a, b) => placeRank(a) - placeRank(b) || a.node_id.localeCompare(b.node_id, "en", { numeric: true }));
}

function placeRank({ status }: NodeSnapshot): number {
	return status === "pending" ? 0 : 1;
}
