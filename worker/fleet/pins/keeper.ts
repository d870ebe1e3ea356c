/** Keeps the pinned models in memory, brings them back, lets them go when they are no longer pinned; then loads the most used. */
import { nodeReasons } from "../../routing/eligibility.ts";
import { canonicalName } from "../../routing/names.ts";
import type { FleetState, NodeRecord } from "../state.ts";
import { assign } from "./assign.ts";
import { type Deed, type Duties, isLoading, nextDeed, obstacle } from "./deeds.ts";
import { addTo, allPins, type ModelsByNode, noPins, type Pins, removeFrom } from "./pins.ts";
import type { Preloader } from "./preloader.ts";
import { Teller, type TellerOptions } from "./teller.ts";

export interface KeeperOptions extends Omit<TellerOptions, "done"> {
	/** As in `FLEET_PINNED_MODELS`. */
	readonly ofEnvironment: readonly string[];
	/** Keeps the pins over a restart. */
	readonly save: (pins: Pins) => void;
}

export class PinKeeper {
	readonly #state: FleetState;
	readonly #options: KeeperOptions;
	readonly #preloader: Preloader;
	readonly #teller: Teller;
	#pins: Pins = noPins();
	#assigned: ReadonlyMap<string, string> = new Map();
	#restoredAt = 0;

	constructor(state: FleetState, options: KeeperOptions, preloader: Preloader) {
		this.#state = state;
		this.#options = options;
		this.#preloader = preloader;
		this.#teller = new Teller(state, { ...options, done: (nodeId, deed) => this.#noteKept(nodeId, deed) });
	}

	/** Nodes of before the restart are told nothing until they have beaten again. */
	restore(pins: Pins): void {
		this.#pins = pins;
		this.#restoredAt = this.#options.now();
		this.#assign();
	}

	get asked(): ModelsByNode {
		return this.#pins.asked;
	}

	/** Those of the environment too, with the nodes they are for now. */
	get all(): ModelsByNode {
		return allPins(this.#pins, this.#assigned);
	}

	isOfEnvironment(model: string): boolean {
		return this.#options.ofEnvironment.some((name) => canonicalName(name) === model);
	}

	/** A model whose load failed before is tried again at once. */
	pin(nodeId: string, model: string): void {
		this.#teller.tryAgain(nodeId, model);
		if (addTo(this.#pins.asked, nodeId, model)) this.#options.save(this.#pins);
		this.look();
	}

	/** False when it was not pinned there. */
	unpin(nodeId: string, model: string): boolean {
		if (!removeFrom(this.#pins.asked, nodeId, model)) return false;
		this.#teller.tryAgain(nodeId, model);
		this.#options.save(this.#pins);
		this.look();
		return true;
	}

	forget(nodeId: string): void {
		const [wasAsked, wasKept] = [this.#pins.asked.delete(nodeId), this.#pins.kept.delete(nodeId)];
		if (wasAsked || wasKept) this.#options.save(this.#pins);
		this.#teller.forget(nodeId);
		this.#assign();
	}

	/** Why a pinned model is not in memory; undefined when it is, or comes. */
	problem(nodeId: string, model: string): string | undefined {
		const node = this.#state.nodes.get(nodeId);
		if (!node) return "no machine of that name is in the fleet";
		const isComing = this.#teller.isTelling(nodeId) && node.jobs.some((job) => job.model === model);
		if (isComing || node.resident.has(model)) return undefined;
		return this.#teller.failure(nodeId, model) ?? obstacle(node, model, this.#dutiesOn(node));
	}

	failure(nodeId: string, model: string): string | undefined {
		return this.#teller.failure(nodeId, model);
	}

	/** To be called every second: begins what is due. */
	look(): void {
		this.#assign();
		let isReady = this.#state.nodes.size > 0;
		for (const node of this.#state.nodes.values()) {
			if (node.status === "offline") this.#teller.hangUp(node.nodeId, "the node went offline");
			else if (node.lastSeenAt <= this.#restoredAt || this.#tendTo(node)) isReady = false;
		}
		this.#preloader.tick(this.#state, { now: this.#options.now(), isReady });
	}

	/** True while it is busy with a pin, or begins to be. */
	#tendTo(node: NodeRecord): boolean {
		if (this.#teller.isTelling(node.nodeId)) return true;
		if (node.status !== "online" || nodeReasons(node).length > 0) return false;
		this.#forgetGone(node);
		const deed = nextDeed(node, this.#dutiesOn(node));
		if (deed) this.#teller.begin(node, deed);
		else this.#preloadOn(node);
		return deed !== undefined;
	}

	#preloadOn(node: NodeRecord): void {
		const model = isLoading(node) ? undefined : this.#preloader.take(this.#state, node.nodeId);
		if (model !== undefined) this.#teller.begin(node, { kind: "load", model, victims: [] });
	}

	#noteKept(nodeId: string, { kind, model }: Deed): void {
		const { kept } = this.#pins;
		const isPinned = this.#state.knowledge.pinned.get(nodeId)?.has(model) ?? false;
		if (kind === "release" ? removeFrom(kept, nodeId, model) : isPinned && addTo(kept, nodeId, model)) this.#options.save(this.#pins);
	}

	/** What is neither pinned nor in memory any more needs no release. */
	#forgetGone({ nodeId, resident }: NodeRecord): void {
		const { kept } = this.#pins;
		const pinned = this.#state.knowledge.pinned.get(nodeId);
		const gone = [...(kept.get(nodeId) ?? [])].filter((model) => !pinned?.has(model) && !resident.has(model));
		for (const model of gone) removeFrom(kept, nodeId, model);
		if (gone.length > 0) this.#options.save(this.#pins);
	}

	#assign(): void {
		const { nodes, knowledge } = this.#state;
		const models = [...new Set(this.#options.ofEnvironment.map(canonicalName))];
		this.#assigned = assign(models, { nodes, pins: this.#pins, before: this.#assigned });
		knowledge.pinned.clear();
		for (const [nodeId, pinned] of this.all) knowledge.pinned.set(nodeId, pinned);
	}

	#dutiesOn(node: NodeRecord): Duties {
		const { nodeId } = node;
		const { knowledge } = this.#state;
		const pinned = knowledge.pinned.get(nodeId) ?? new Set();
		const kept = this.#pins.kept.get(nodeId) ?? new Set();
		return { pinned, kept, knowledge, isHeld: (model) => this.#teller.isHeld(node, model), now: this.#options.now() };
	}
}
