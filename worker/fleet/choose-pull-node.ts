/** Which node should download a model: the one that will run it best. Pure. */
import { freeMemoryBytes, type NodeView } from "../routing/candidate.ts";
import { type NodeReason, nodeReasons } from "../routing/eligibility.ts";
import { fits } from "../routing/fit.ts";
import { canonicalName } from "../routing/names.ts";

const GIB = 1024 ** 3;
/** A disk filled to its last byte stops more than Ollama. */
export const DISK_SPARE_BYTES = 2 * GIB;
/** Nodes with at least this much of the most free memory count as equal while nobody knows the model's size. */
const SIMILAR_MEMORY_RATIO = 0.8;

export type PullReason = NodeReason | "degraded" | "excluded" | "holds-it" | "does-not-fit" | "disk-too-small";

export interface PullWish {
	readonly model: string;
	/** Nodes that failed this request already. */
	readonly excluded: readonly string[];
	/** Where it is known without a node that has the model. */
	readonly sizeBytes?: number | undefined;
}

export type PullReasons = Readonly<Record<string, readonly PullReason[]>>;
export type PullChoice =
	| { readonly kind: "chosen"; readonly nodeId: string; readonly why: "only-node" | "most-memory" | "most-disk" }
	| { readonly kind: "none"; readonly reasons: PullReasons };

/**
 * A node that has the model is brought up to date ("update all models" in a client must not copy each to one more machine; for
 * a copy elsewhere there is `node_id`). A model that nobody has goes where the most room is: by memory and disk where its size
 * is known, else by disk among the nodes with the most free memory.
 */
export function choosePullNode(nodes: readonly NodeView[], wish: PullWish): PullChoice {
	const name = canonicalName(wish.model);
	const sizeBytes = wish.sizeBytes ?? knownSizeBytes(nodes, name);
	const judged = nodes.map((node) => ({ node, reasons: reasonsAgainst(node, { name, sizeBytes, excluded: wish.excluded }) }));
	const free = judged.filter(({ reasons }) => reasons.length === 0);
	const holding = judged.filter(({ reasons }) => reasons.length > 0 && reasons.every((reason) => reason === "holds-it"));
	const eligible = (holding.length > 0 ? holding : free).map(({ node }) => node);
	const [first] = eligible;
	if (!first) return { kind: "none", reasons: Object.fromEntries(judged.map(({ node, reasons }) => [node.nodeId, reasons])) };
	if (eligible.length === 1) return { kind: "chosen", nodeId: first.nodeId, why: "only-node" };
	const best = sizeBytes === undefined ? roomiest(eligible) : ranked(eligible, freeMemoryBytes, diskBytes)[0];
	return { kind: "chosen", nodeId: (best ?? first).nodeId, why: sizeBytes === undefined ? "most-disk" : "most-memory" };
}

interface Judging {
	readonly name: string;
	readonly sizeBytes: number | undefined;
	readonly excluded: readonly string[];
}

function reasonsAgainst(node: NodeView, { name, sizeBytes, excluded }: Judging): PullReason[] {
	const reasons: PullReason[] = [...nodeReasons(node)];
	if (node.status === "degraded") reasons.push("degraded");
	if (excluded.includes(node.nodeId)) reasons.push("excluded");
	if (node.installed.has(name)) return [...reasons, "holds-it"];
	if (sizeBytes === undefined) return reasons;
	if (!fits({ node, model: name, resident: undefined, installed: undefined, sizeBytes })) reasons.push("does-not-fit");
	const { disk } = node.beat;
	if (disk && disk.available_bytes < sizeBytes + DISK_SPARE_BYTES) reasons.push("disk-too-small");
	return reasons;
}

function knownSizeBytes(nodes: readonly NodeView[], name: string): number | undefined {
	const sizes = nodes.flatMap((node) => node.installed.get(name)?.size ?? []);
	return sizes.length > 0 ? Math.max(...sizes) : undefined;
}

function roomiest(nodes: readonly NodeView[]): NodeView | undefined {
	const enough = SIMILAR_MEMORY_RATIO * Math.max(...nodes.map(freeMemoryBytes));
	const similar = nodes.filter((node) => freeMemoryBytes(node) >= enough);
	return ranked(similar, diskBytes, freeMemoryBytes)[0];
}

type Measure = (node: NodeView) => number;

function ranked(nodes: readonly NodeView[], first: Measure, second: Measure): NodeView[] {
	return [...nodes].sort((a, b) => first(b) - first(a) || second(b) - second(a) || a.nodeId.localeCompare(b.nodeId));
}

/** A disk that nobody could read comes last. */
function diskBytes(node: NodeView): number {
	return node.beat.disk?.available_bytes ?? 0;
}
