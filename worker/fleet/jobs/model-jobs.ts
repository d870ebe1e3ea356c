/** Pulls and deletions that somebody asked for on the page: run one after another, told how they stand, ended at a word. */
import { catalogued } from "../../catalogue/lookup.ts";
import { log } from "../../log.ts";
import { canonicalName } from "../../routing/names.ts";
import { isStalled, newJob } from "../auto-pull/job.ts";
import { noRoomWords } from "../auto-pull/no-room-words.ts";
import { readList } from "../auto-pull/read-list.ts";
import { type JobEnd, JobRun, type RunPorts } from "../auto-pull/run-job.ts";
import type { AutoPullPorts } from "../auto-pull/auto-pulls.ts";
import { choosePullNode } from "../choose-pull-node.ts";
import type { FleetState } from "../state.ts";
import { nodeNamed } from "../targets.ts";
import { againstDeleting, type Refusal } from "./against-deleting.ts";
import { deleteAt } from "./delete-at.ts";
import type { ModelJob } from "./job.ts";
import { againstPulling } from "./against-pulling.ts";

/** A home line has room for no more. */
const MAX_RUNNING = 3;
const MAX_UNDER_WAY = 100;
const MAX_KEPT = 50;

export interface ModelJobsPorts extends RunPorts {
	readonly fleet: AutoPullPorts["fleet"];
	readonly background: (work: Promise<void>) => void;
}

export type Started = { readonly kind: "started"; readonly job: ModelJob } | ({ readonly kind: "refused" } & Refusal);

export class ModelJobs {
	readonly #state: FleetState;
	readonly #ports: ModelJobsPorts;
	readonly #runs = new Map<string, JobRun>();

	constructor(state: FleetState, ports: ModelJobsPorts) {
		this.#state = state;
		this.#ports = ports;
	}

	/** One that is under way already is joined. */
	pull(asked: string, nodeId: string): Started {
		const model = canonicalName(asked);
		const same = this.#underWay().find((job) => job.kind === "pull" && job.model === model && job.askedNode === nodeId);
		if (same) return { kind: "started", job: same };
		const sizeBytes = this.#sizeOf(model);
		const against = nodeId === "" ? this.#noRoom(model, sizeBytes) : againstPulling(this.#state, { nodeId, model, sizeBytes });
		if (against) return { kind: "refused", ...against };
		if (this.#underWay().length >= MAX_UNDER_WAY)
			return { kind: "refused", status: 429, message: `${MAX_UNDER_WAY} jobs run or wait already: try again when some have ended` };
		const pull = newJob({ model, pullAs: asked.trim(), sizeBytes: sizeBytes ?? 0, askedNode: nodeId }, this.#ports.now());
		const job = this.#keep({ kind: "pull", model, askedNode: nodeId, pull });
		this.#startNext();
		return { kind: "started", job };
	}

	/** Resolves when it is over. */
	async remove(asked: string, nodeId: string, allowed: { isPinned: boolean; force: boolean }): Promise<Started> {
		const model = canonicalName(asked);
		const node = this.#state.nodes.get(nodeId);
		const place = nodeNamed(this.#state, nodeId);
		if (!node || place.kind === "absent") return { kind: "refused", status: 404, message: `Node '${nodeId}' not found or offline` };
		const against = againstDeleting(node, model, allowed);
		if (against) return { kind: "refused", ...against };
		const job = this.#keep({ kind: "delete", model, askedNode: nodeId });
		job.state = "running";
		const target = { nodeId, doorUrl: node.beat.door_url ?? "", secret: node.secret };
		const name = node.installed.get(model)?.name ?? asked;
		const problem = await deleteAt(target, { id: job.id, name }, this.#ports.send);
		const models = problem === undefined ? await readList(target, this.#ports.send) : undefined;
		if (models) this.#ports.fleet.noteModels(nodeId, models);
		this.#over(job, problem === undefined ? undefined : `deleting it from ${nodeId} failed: ${problem}`);
		return { kind: "started", job };
	}

	/** False when no pull of that id is under way. */
	cancel(id: string): boolean {
		const job = this.#underWay().find((one) => one.id === id && one.kind === "pull");
		if (!job) return false;
		const run = this.#runs.get(id);
		job.state = "cancelled";
		if (run) run.end("cancelled");
		else this.#over(job, "it was cancelled");
		return true;
	}

	/** To be called every second or so: ends tries that lead nowhere. */
	sweep(): void {
		const now = this.#ports.now();
		for (const [id, run] of this.#runs) {
			const pull = this.#state.jobs.get(id)?.pull;
			const status = pull?.nodeId === undefined ? undefined : (this.#state.nodes.get(pull.nodeId)?.status ?? "offline");
			if (status === "offline") run.end("lost");
			else if (pull && isStalled(pull, now)) run.end("stalled");
		}
	}

	#underWay(): ModelJob[] {
		return [...this.#state.jobs.values()].filter(({ endedAt }) => endedAt === undefined);
	}

	#keep(facts: Pick<ModelJob, "kind" | "model" | "askedNode"> & Partial<ModelJob>): ModelJob {
		const { jobs } = this.#state;
		for (const [id, { endedAt }] of jobs) if (jobs.size >= MAX_KEPT && endedAt !== undefined) jobs.delete(id);
		const job: ModelJob = { id: this.#ports.newId(), startedAt: this.#ports.now(), state: "waiting", ...facts };
		jobs.set(job.id, job);
		return job;
	}

	#startNext(): void {
		for (const job of this.#underWay()) {
			if (this.#runs.size >= MAX_RUNNING) return;
			if (job.pull && !this.#runs.has(job.id)) this.#start(job, new JobRun(job.pull, this.#ports));
		}
	}

	#start(job: ModelJob, run: JobRun): void {
		job.state = "running";
		this.#runs.set(job.id, run);
		this.#ports.background(run.run().then((end) => this.#pulled(job, end)));
	}

	#pulled(job: ModelJob, end: JobEnd): void {
		this.#runs.delete(job.id);
		if (end.kind === "installed") this.#ports.fleet.noteModels(end.nodeId, end.models);
		this.#over(job, end.kind === "installed" ? undefined : end.message);
		this.#startNext();
	}

	#over(job: ModelJob, error: string | undefined): void {
		job.endedAt = this.#ports.now();
		if (error === undefined) job.state = "done";
		else {
			job.error = error;
			if (job.state !== "cancelled") job.state = "failed";
		}
		log(error === undefined ? "info" : "warn", "Job ended", { job: job.kind, model: job.model, node_id: job.askedNode, error });
	}

	/** As another machine has it, or as the catalogue knows it. */
	#sizeOf(model: string): number | undefined {
		const sizes = [...this.#state.nodes.values()].flatMap(({ installed }) => installed.get(model)?.size ?? []);
		return sizes.length > 0 ? Math.max(...sizes) : catalogued(model)?.sizeBytes;
	}

	#noRoom(model: string, sizeBytes: number | undefined): Refusal | undefined {
		const { nodes } = this.#state;
		const choice = choosePullNode([...nodes.values()], { model, excluded: [], sizeBytes });
		if (choice.kind === "chosen") return undefined;
		if (nodes.size === 0) return { status: 409, message: "no machine has joined this fleet yet" };
		return { status: 409, message: noRoomWords(choice.reasons, nodes, sizeBytes ?? 0) };
	}
}
