/**
 * Where models are made. Ollama wants every file of a new model on the machine that makes it, and clients send the files one by
 * one before they say what they are for: so all uploads of an hour go to one node, and the create that names them follows.
 */
import { choosePullNode, type PullReasons } from "./choose-pull-node.ts";
import type { FleetState } from "./state.ts";
import { nodeNamed, type Target, toTarget, whoHas } from "./targets.ts";

/** From the last upload on. */
const KEPT_MS = 3_600_000;
const MAX_BLOBS = 1_000;

export type Workplace = { readonly kind: "place"; readonly target: Target } | { readonly kind: "no-node"; readonly reasons: PullReasons };

export interface CreateRequest {
	readonly model: string;
	/** The model it is made from, "" when from files only. */
	readonly from: string;
	readonly digests: readonly string[];
}

interface Use {
	readonly nodeId: string;
	readonly at: number;
}

export class Workshop {
	/** The node of the uploads now. */
	#bench: Use | undefined;
	/** Uploaded or found there, by digest, oldest first. */
	readonly #blobs = new Map<string, Use>();

	/** Where the next file goes. */
	forUpload(state: FleetState, now: number): Workplace {
		const bench = this.#bench && now - this.#bench.at < KEPT_MS ? nodeNamed(state, this.#bench.nodeId) : undefined;
		const place: Workplace = bench?.kind === "usable" ? { kind: "place", target: bench.target } : roomiest(state);
		if (place.kind === "place") this.#bench = { nodeId: place.target.nodeId, at: now };
		return place;
	}

	/** A node is known to have the file. */
	stored(digest: string, nodeId: string, now: number): void {
		this.#blobs.delete(digest);
		for (const [oldest, { at }] of this.#blobs) {
			if (this.#blobs.size < MAX_BLOBS && now - at < KEPT_MS) break;
			this.#blobs.delete(oldest);
		}
		this.#blobs.set(digest, { nodeId, at: now });
	}

	/** To the files, else to a holder of the model it is made from, one that has an older edition of it before others. */
	forCreate(state: FleetState, { model, from, digests }: CreateRequest, now: number): Workplace {
		const nodeId = this.#nodeOf(digests, now);
		if (nodeId !== undefined) return placeOf(state, nodeId);
		if (digests.length > 0 || from === "") return this.forUpload(state, now);
		const { holders } = whoHas(state, from);
		const older = new Set(whoHas(state, model).holders.map((holder) => holder.nodeId));
		const target = holders.find((holder) => older.has(holder.nodeId)) ?? holders[0];
		return target ? { kind: "place", target } : this.forUpload(state, now);
	}

	/** The node with most of the files. */
	#nodeOf(digests: readonly string[], now: number): string | undefined {
		const counts = new Map<string, number>();
		for (const digest of digests) {
			const blob = this.#blobs.get(digest);
			if (blob && now - blob.at < KEPT_MS) counts.set(blob.nodeId, (counts.get(blob.nodeId) ?? 0) + 1);
		}
		return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
	}
}

/** Nowhere else: only this node has the files. */
function placeOf(state: FleetState, nodeId: string): Workplace {
	const node = nodeNamed(state, nodeId);
	if (node.kind === "usable") return { kind: "place", target: node.target };
	return { kind: "no-node", reasons: { [nodeId]: node.kind === "absent" ? ["offline"] : node.reasons } };
}

function roomiest(state: FleetState): Workplace {
	const choice = choosePullNode([...state.nodes.values()], { model: "", excluded: [] });
	if (choice.kind === "none") return { kind: "no-node", reasons: choice.reasons };
	const node = state.nodes.get(choice.nodeId);
	return node ? { kind: "place", target: toTarget(node) } : { kind: "no-node", reasons: {} };
}
