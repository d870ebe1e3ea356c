/** One job from its first node to its end: another node when one is lost, nothing done until the model is listed. */
import { canonicalName } from "../../routing/names.ts";
import type { InstalledModel } from "../../protocol/ollama.ts";
import type { PullPlace, PullRequest } from "../pulls.ts";
import type { Target } from "../targets.ts";
import { noteLine, type PullJob, startAt } from "./job.ts";
import { pullAt, type TryEnd } from "./pull-at.ts";
import { readList } from "./read-list.ts";

const MAX_NODES = 3;
/** A list is made anew for each who asks; a node that is busy may miss one. */
const LIST_TRIES = 3;
const WORDS_BY_END = { cancelled: "it was cancelled", lost: "it went offline", stalled: "nothing came for too long" } as const;

/** Why a try is ended from here. */
export type EndedBy = keyof typeof WORDS_BY_END;

/** `message` is said after "not found: ". */
export type JobEnd =
	| { readonly kind: "installed"; readonly nodeId: string; readonly models: readonly InstalledModel[] }
	| { readonly kind: "failed"; readonly message: string };

/** See the Fleet object. */
export interface PullsOfFleet {
	placePull(request: PullRequest): PullPlace;
	pullEnded(requestId: string): void;
}

export interface RunPorts {
	readonly send: typeof fetch;
	/** Epoch milliseconds. */
	readonly now: () => number;
	readonly newId: () => string;
	readonly fleet: PullsOfFleet;
}

export class JobRun {
	readonly #job: PullJob;
	readonly #ports: RunPorts;
	#abort = new AbortController();
	#endedBy: EndedBy | undefined;

	constructor(job: PullJob, ports: RunPorts) {
		this.#job = job;
		this.#ports = ports;
	}

	/** Ends the present try; the first reason counts. Unless it is cancelled the job goes on at another node. */
	end(why: EndedBy): void {
		this.#endedBy ??= why;
		this.#abort.abort();
	}

	/** Never rejects. */
	async run(): Promise<JobEnd> {
		const excluded: string[] = [];
		let failure: JobEnd = { kind: "failed", message: "no machine could take it any more" };
		while (excluded.length < MAX_NODES) {
			const { model, sizeBytes, askedNode } = this.#job;
			const { fleet, newId } = this.#ports;
			const id = newId();
			const place = fleet.placePull({ id, model, nodeId: askedNode, excluded, sizeBytes: sizeBytes || undefined });
			if (place.kind !== "place") break;
			const { target } = place;
			const end = await this.#tryAt(target, id);
			fleet.pullEnded(id);
			const models = end.kind === "success" ? await this.#listOf(target) : undefined;
			if (models) return { kind: "installed", nodeId: target.nodeId, models };
			if (excluded.length === 0) failure = { kind: "failed", message: this.#wordsOf(target, end) };
			if (this.#endedBy === "cancelled" || askedNode !== "" || (end.kind === "refused" && end.sameEverywhere)) break;
			excluded.push(target.nodeId);
		}
		return failure;
	}

	async #tryAt(target: Target, id: string): Promise<TryEnd> {
		const { send, now } = this.#ports;
		if (this.#endedBy === "cancelled") return { kind: "lost", message: WORDS_BY_END.cancelled };
		this.#endedBy = undefined;
		this.#abort = new AbortController();
		startAt(this.#job, target.nodeId, now());
		const { signal } = this.#abort;
		return pullAt(target, { id, pullAs: this.#job.pullAs }, { send, signal, onLine: (line) => noteLine(this.#job, line, now()) });
	}

	/** Undefined while the model is not in it. */
	async #listOf(target: Target): Promise<readonly InstalledModel[] | undefined> {
		for (let tries = 0; tries < LIST_TRIES; tries++) {
			const models = await readList(target, this.#ports.send);
			if (models?.some(({ name }) => canonicalName(name) === this.#job.model)) return models;
		}
		return undefined;
	}

	#wordsOf({ nodeId }: Target, end: TryEnd): string {
		if (this.#endedBy === "cancelled") return "its pull was cancelled";
		const words = end.kind === "success" ? "it does not list it" : this.#endedBy ? WORDS_BY_END[this.#endedBy] : end.message;
		return `pulling it to ${nodeId} failed: ${words}`;
	}
}
