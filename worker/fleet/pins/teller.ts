/** Carries out what is to be told to the nodes' Ollamas, one thing at a time per node, and remembers how it went. */
import { log } from "../../log.ts";
import { isEmbedder } from "../../routing/candidate.ts";
import { ratesOf } from "../../routing/estimate/rates.ts";
import { learnLoad } from "../beat.ts";
import type { FleetState, NodeRecord } from "../state.ts";
import { toTarget } from "../targets.ts";
import { type Deed, residentEntry } from "./deeds.ts";
import { Setbacks } from "./setbacks.ts";
import { type Told, tellOllama } from "./tell-ollama.ts";

/** What a beat says of a model was read at most so long before it came. */
const BEAT_MS = 2_000;
/** Ollama gives up a load that makes no progress by itself; this is for a machine that hangs. */
const CALL_MS = 900_000;

export interface TellerOptions {
	/** `keep_alive` of a model that is let go, where its node does not tell its own default. */
	readonly usualKeepAlive: () => string;
	/** For loads, by model. */
	readonly numCtx: () => Readonly<Record<string, number>>;
	readonly send: typeof fetch;
	readonly done: (nodeId: string, deed: Deed) => void;
	/** A place or a model may have become free for a request that waits. */
	readonly changed: () => void;
	readonly doorLost: (nodeId: string) => void;
	readonly now: () => number;
}

export class Teller {
	readonly #state: FleetState;
	readonly #options: TellerOptions;
	readonly #calls = new Map<string, AbortController>();
	readonly #setbacks = new Setbacks();
	/** By node and model. */
	readonly #toldAt = new Map<string, number>();

	constructor(state: FleetState, options: TellerOptions) {
		this.#state = state;
		this.#options = options;
	}

	isTelling(nodeId: string): boolean {
		return this.#calls.has(nodeId);
	}

	/** Left alone for a while: it failed, or no beat has shown yet what it was told. */
	isHeld({ nodeId, resident, lastSeenAt }: NodeRecord, model: string): boolean {
		const isShown = lastSeenAt > (this.#toldAt.get(keyOf(nodeId, model)) ?? -Infinity) + BEAT_MS;
		return this.#setbacks.isHeld(nodeId, model, this.#options.now()) || (!isShown && resident.has(model));
	}

	/** Why the last attempt failed. */
	failure(nodeId: string, model: string): string | undefined {
		return this.#setbacks.why(nodeId, model);
	}

	/** Somebody asks anew: no failure counts any more. */
	tryAgain(nodeId: string, model: string): void {
		this.#setbacks.clear(nodeId, model);
		this.#toldAt.delete(keyOf(nodeId, model));
	}

	/** The node is gone, what it was being told with it. */
	hangUp(nodeId: string, why: string): void {
		this.#calls.get(nodeId)?.abort(why);
	}

	forget(nodeId: string): void {
		this.hangUp(nodeId, "the node was forgotten");
		this.#setbacks.forgetNode(nodeId);
	}

	begin(node: NodeRecord, deed: Deed): void {
		const id = crypto.randomUUID();
		const call = new AbortController();
		this.#calls.set(node.nodeId, call);
		const numCtx = deed.kind === "load" ? this.#options.numCtx()[deed.model] : residentEntry(node, deed.model)?.context_length;
		if (deed.kind === "load") this.#makeRoom(node, deed, id);
		void this.#tell(node, deed, { id, numCtx, call }).then((told) => this.#ended(node.nodeId, deed, { told, id, numCtx }));
	}

	/** A model in memory is told with the context it has: without one Ollama would load it anew (golden/BEHAVIOUR.md e). */
	async #tell(
		node: NodeRecord,
		{ kind, model }: Deed,
		{ id, numCtx, call }: { id: string; numCtx: number | undefined; call: AbortController },
	): Promise<Told> {
		const timer = setTimeout(() => call.abort("the load took too long"), CALL_MS);
		const installed = node.installed.get(model);
		const usual = node.beat.ollama.settings.keep_alive ?? this.#options.usualKeepAlive();
		const stay = { id, name: installed?.name ?? model, isEmbedder: isEmbedder(installed), numCtx };
		const keepAlive = kind === "release" ? usual : -1;
		const told = await tellOllama(toTarget(node), { ...stay, keepAlive }, { send: this.#options.send, signal: call.signal });
		clearTimeout(timer);
		return told;
	}

	#ended(nodeId: string, deed: Deed, { told, id, numCtx }: { told: Told; id: string; numCtx: number | undefined }): void {
		const { kind, model } = deed;
		const now = this.#options.now();
		this.#calls.delete(nodeId);
		const node = this.#state.nodes.get(nodeId);
		if (!node) return;
		node.jobs = node.jobs.filter(({ requestId }) => requestId !== id);
		this.#note(nodeId, deed, told);
		if (told.kind === "done" && kind === "load") learnLoad(node, model, { numCtx, now });
		if (told.kind === "done") this.#options.done(nodeId, deed);
		if (told.kind === "lost") this.#options.doorLost(nodeId);
		this.#options.changed();
	}

	#note(nodeId: string, { kind, model }: Deed, told: Told): void {
		const now = this.#options.now();
		const fields = { node_id: nodeId, model, deed: kind };
		if (told.kind === "done") {
			log("info", "Told Ollama how long a model stays", fields);
			this.#setbacks.clear(nodeId, model);
			this.#toldAt.set(keyOf(nodeId, model), now);
		} else {
			log("warn", "Ollama could not be told how long a model stays", { ...fields, why: told.why });
			this.#setbacks.note(nodeId, model, { why: told.why, now });
		}
	}

	/** Others that need this node wait for the load as for any other, and do not count on what it pushes out. */
	#makeRoom(node: NodeRecord, { model, victims }: Extract<Deed, { kind: "load" }>, id: string): void {
		const now = this.#options.now();
		const { estimates, prefixes } = this.#state.knowledge;
		const estimateS = ratesOf(estimates, node, model).loadS;
		// As an embedding: it takes no place from chats with the models in memory
		const job = { requestId: id, model, requestClass: "batch", isEmbedding: true, startedAt: now, estimateS, expectedTokens: 0 } as const;
		node.jobs = [...node.jobs, job];
		prefixes.forget(node.nodeId, model);
		for (const victim of victims) {
			node.resident.delete(victim);
			node.unloadedAt.set(victim, now);
		}
	}
}

function keyOf(nodeId: string, model: string): string {
	return `${nodeId}\n${model}`;
}
