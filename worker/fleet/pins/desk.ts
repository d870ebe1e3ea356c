/** What may be asked about pins from outside the Fleet object. */
import { RpcTarget } from "cloudflare:workers";
import type { Limits, Pinned, PinList } from "../../protocol/pins.ts";
import { canonicalName } from "../../routing/names.ts";
import type { Settings } from "../../settings.ts";
import { limitsOf } from "../limits.ts";
import type { FleetState } from "../state.ts";
import { choosePinNode, type PinPlaceWish } from "./choose-pin-node.ts";
import type { PinKeeper } from "./keeper.ts";
import { listPins } from "./list.ts";
import { namesByNode, nodesWith } from "./pins.ts";
import { type PinRefusal, refusalOf } from "./refusal.ts";

const LOOK_EVERY_MS = 50;

export interface PinWish extends PinPlaceWish {
	/** How long to wait until the model is in memory. */
	readonly waitMs: number;
}

export interface Unpinned {
	readonly unpinnedFrom: readonly string[];
	readonly perNode: Readonly<Record<string, string[]>>;
	/** `FLEET_PINNED_MODELS` names it, so it stays pinned. */
	readonly isOfEnvironment: boolean;
}

export interface DeskParts {
	readonly state: FleetState;
	readonly keeper: PinKeeper;
	readonly settings: Settings;
	/** Resolves when what was saved outlives a crash. */
	readonly saved: () => Promise<void>;
}

export class PinDesk extends RpcTarget {
	readonly #parts: DeskParts;

	constructor(parts: DeskParts) {
		super();
		this.#parts = parts;
	}

	list(): PinList {
		const { state, keeper, settings } = this.#parts;
		return listPins(state, keeper, settings);
	}

	limits(): Limits {
		const { state, keeper, settings } = this.#parts;
		return limitsOf(state, settings, keeper.all);
	}

	/** Pins a model where it fits, and begins to load it. */
	async pin({ waitMs, ...given }: PinWish): Promise<Pinned | PinRefusal> {
		const { state, keeper, saved } = this.#parts;
		const wish = { ...given, model: canonicalName(given.model) };
		const place = choosePinNode(state.nodes, wish, keeper.all);
		if (place.kind !== "place") return refusalOf(place, given, state);
		const { nodeId } = place.node;
		keeper.pin(nodeId, wish.model);
		await saved();
		return this.#whenReady(nodeId, wish.model, waitMs);
	}

	/** From one node, or from all of them with "". */
	async unpin(model: string, nodeId: string): Promise<Unpinned> {
		const { state, keeper, saved } = this.#parts;
		const name = canonicalName(model);
		const from = nodeId === "" ? nodesWith(keeper.asked, name) : [nodeId];
		const unpinnedFrom = from.filter((one) => keeper.unpin(one, name));
		await saved();
		return { unpinnedFrom, perNode: namesByNode(keeper.asked, state), isOfEnvironment: keeper.isOfEnvironment(name) };
	}

	/** In memory, or failed, or the time is over. */
	async #whenReady(nodeId: string, model: string, waitMs: number): Promise<Pinned> {
		const { state, keeper } = this.#parts;
		const startedAt = Date.now();
		const isReady = () => state.nodes.get(nodeId)?.resident.has(model) ?? false;
		const isOver = () => isReady() || keeper.failure(nodeId, model) !== undefined || Date.now() - startedAt >= waitMs;
		while (!isOver()) await scheduler.wait(LOOK_EVERY_MS);
		const problem = keeper.problem(nodeId, model);
		return {
			ready: isReady(),
			ready_after_ms: isReady() ? Date.now() - startedAt : null,
			pinned_node: nodeId,
			per_node: namesByNode(keeper.asked, state),
			...(problem !== undefined && { problem }),
		};
	}
}
