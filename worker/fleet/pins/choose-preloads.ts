/** Which models are worth having in memory before anybody asks, and where there is room that nobody uses. Pure. */
import { ceilingBytes, freeMemoryBytes } from "../../routing/candidate.ts";
import { nodeReasons } from "../../routing/eligibility.ts";
import { canonicalName } from "../../routing/names.ts";
import type { RuleNode } from "../../routing/rule/view.ts";
import type { ModelUsage } from "../../protocol/model-usage.ts";
import { footprint } from "./admission.ts";

/** A load leaves a fifth of what is free, which is also what Ollama wants beside other models. */
const FILL_RATIO = 0.8;
/** What stands on a disk for a model that runs elsewhere has a few hundred bytes. */
const LEAST_MODEL_BYTES = 1_000_000;

export interface PreloadRules {
	/** Models in memory up to which a node is filled. */
	readonly maxPerNode: number;
	readonly leastScore: number;
	/** Epoch seconds since which a model must have been asked for. */
	readonly since: number;
}

export interface Preload {
	readonly nodeId: string;
	readonly model: string;
}

/** Models and bytes that are on their way into a node's memory. */
interface Planned {
	count: number;
	bytes: number;
}

/** The origin's: three for each request of a day, one for each in seven of a week. */
export function scoreOf({ day, week }: Pick<ModelUsage, "day" | "week">): number {
	return Math.round((day * 3 + week / 7) * 10) / 10;
}

/** The most used first, one copy of each, on the node with the most room left. */
export function choosePreloads(usage: readonly ModelUsage[], nodes: readonly RuleNode[], rules: PreloadRules): Preload[] {
	const planned = new Map<string, Planned>();
	const chosen: Preload[] = [];
	const open = nodes.filter(isOpen);
	for (const model of mostUsed(usage, rules)) {
		if (nodes.some(({ status, resident }) => status !== "offline" && resident.has(model))) continue;
		const rooms = open.map((node) => ({
			node,
			spare: spareBytes(node, model, { maxPerNode: rules.maxPerNode, planned: planned.get(node.nodeId) }),
		}));
		const [best] = rooms.filter(({ spare }) => spare >= 0).sort((a, b) => b.spare - a.spare || a.node.nodeId.localeCompare(b.node.nodeId));
		if (!best) continue;
		const { nodeId } = best.node;
		const before = planned.get(nodeId) ?? { count: 0, bytes: 0 };
		planned.set(nodeId, { count: before.count + 1, bytes: before.bytes + footprint(best.node, model) });
		chosen.push({ nodeId, model });
	}
	return chosen;
}

/** The model goes into memory that is free, beside all that is there. */
export function hasFreeRoom(node: RuleNode, model: string, maxPerNode: number): boolean {
	return isOpen(node) && spareBytes(node, model, { maxPerNode, planned: undefined }) >= 0;
}

function mostUsed(usage: readonly ModelUsage[], { leastScore, since }: PreloadRules): string[] {
	const ranked = usage
		.filter((used) => scoreOf(used) >= leastScore && used.latest >= since)
		.sort((a, b) => scoreOf(b) - scoreOf(a) || b.latest - a.latest);
	return [...new Set(ranked.map(({ model }) => canonicalName(model)))];
}

function isOpen(node: RuleNode): boolean {
	const { pressure } = node.beat.memory;
	return node.status === "online" && nodeReasons(node).length === 0 && pressure !== "critical" && pressure !== "warn";
}

/** Memory left after the load; negative when it does not go. */
function spareBytes(
	node: RuleNode,
	model: string,
	{ maxPerNode, planned = { count: 0, bytes: 0 } }: { maxPerNode: number; planned: Planned | undefined },
): number {
	const installed = node.installed.get(model);
	if (!installed || installed.size < LEAST_MODEL_BYTES || footprint(node, model) > ceilingBytes(node)) return -1;
	if (node.resident.size + planned.count >= Math.min(maxPerNode, node.maxLoaded)) return -1;
	let residentBytes = 0;
	for (const { size } of node.resident.values()) residentBytes += size;
	const free = Math.min(freeMemoryBytes(node), (node.usableBytes ?? Infinity) - residentBytes) - planned.bytes;
	return FILL_RATIO * free - footprint(node, model);
}
