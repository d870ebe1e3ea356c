/** What may be asked and told about models on disks, from outside the Fleet object: where to pull, upload and make them. */
import { RpcTarget } from "cloudflare:workers";
import type { PullLine } from "../protocol/manage.ts";
import type { InstalledModel } from "../protocol/ollama.ts";
import { noteLine } from "./auto-pull/job.ts";
import type { AutoPulls, PullAnswer } from "./auto-pull/auto-pulls.ts";
import { pullAwaitedBy, type PullProgress } from "./auto-pull/while-pulled.ts";
import type { PullPlace, PullRequest, Pulls } from "./pulls.ts";
import type { FleetState } from "./state.ts";
import type { CreateRequest, Workplace, Workshop } from "./workshop.ts";

export interface ModelDeskParts {
	readonly state: FleetState;
	readonly pulls: Pulls;
	readonly autoPulls: AutoPulls;
	readonly workshop: Workshop;
	readonly noteModels: (nodeId: string, models: readonly InstalledModel[]) => void;
}

export class ModelDesk extends RpcTarget {
	readonly #parts: ModelDeskParts;

	constructor(parts: ModelDeskParts) {
		super();
		this.#parts = parts;
	}

	/** Where to pull a model to; the pull counts as running there until `pullEnded`. */
	placePull(request: PullRequest): PullPlace {
		return this.#parts.pulls.place(this.#parts.state, request, Date.now());
	}

	pullEnded(requestId: string): void {
		this.#parts.pulls.end(this.#parts.state, requestId);
	}

	/** How far a client's pull is. */
	pullProgress(requestId: string, lines: readonly PullLine[]): void {
		const job = this.#parts.state.clientPulls.get(requestId);
		if (job) for (const line of lines) noteLine(job, line, Date.now());
	}

	/** For a model that nobody has: starts or joins its pull, if the router may pull it. Asked before a second `acquire`. */
	pullFor(model: string): Promise<PullAnswer> {
		return this.#parts.autoPulls.want(model);
	}

	pullAwaitedBy(requestId: string): PullProgress | undefined {
		return pullAwaitedBy(this.#parts.state, requestId, Date.now());
	}

	/** False when the router is not pulling such a model. */
	cancelPull(model: string): boolean {
		return this.#parts.autoPulls.cancel(model);
	}

	/** Where a file for a new model goes. */
	placeUpload(): Workplace {
		return this.#parts.workshop.forUpload(this.#parts.state, Date.now());
	}

	blobStored(digest: string, nodeId: string): void {
		this.#parts.workshop.stored(digest, nodeId, Date.now());
	}

	placeCreate(request: CreateRequest): Workplace {
		return this.#parts.workshop.forCreate(this.#parts.state, request, Date.now());
	}

	/** The router has changed what is on a node's disk: this is its list now. */
	noteModels(nodeId: string, models: readonly InstalledModel[]): void {
		this.#parts.noteModels(nodeId, models);
	}
}
