/**
 * One simulated Ollama (routing study, section 4): one load at a time and in order, the 80 % rule, idle runners evicted before
 * busy ones, a busy runner still taking requests while another model waits for it to go. Seconds.
 */
import { decodeS, loadS, prefillRate } from "../catalogue/pace.ts";
import type { FleetNode } from "../catalogue/fleets.ts";
import { type ModelSpec, neededBytesOf } from "../catalogue/models.ts";
import type { Draws } from "../draws.ts";
import { type Job, newJob, type Work } from "./job.ts";
import { isUsed, newRunner, type Runner, speedOf } from "./runner.ts";

const KEEP_ALIVE_S = 300;
const MAX_LOADED = 3;
const FILL_RATIO = 0.8;
const SERVICE_NOISE = 0.08;
const LOAD_NOISE = 0.1;
const NOTHING_S = 1e-9;

/** A request that needs a model in memory; without a job it is a load for its own sake. */
interface Pending {
	readonly model: ModelSpec;
	readonly job: Job | undefined;
	/** The model is in memory. */
	readonly done?: () => void;
}

interface Loading {
	readonly pending: Pending;
	/** Later requests for it: they hold on to it and don't queue. */
	readonly others: Job[];
	readonly until: number;
}

export interface MachineEvents {
	readonly firstToken: (job: Job) => void;
	readonly done: (job: Job) => void;
	readonly changed: (machine: Machine) => void;
}

export class Machine {
	readonly runners = new Map<string, Runner>();
	readonly counts = { loads: 0, evictions: 0 };
	isOn = true;
	/** Changes whenever what comes next may have changed. */
	version = 0;
	readonly node: FleetNode;
	readonly #parallel: number;
	readonly #noise: Draws;
	readonly #events: MachineEvents;
	readonly #pending: Pending[] = [];
	#loading: Loading | undefined;
	#now = 0;

	constructor(node: FleetNode, { parallel, noise, events }: { parallel: number; noise: Draws; events: MachineEvents }) {
		this.node = node;
		this.#parallel = parallel;
		this.#noise = noise;
		this.#events = events;
	}

	/** Requests here that came past the router. */
	get externalJobs(): number {
		const isExternal = (job: Job | undefined) => job?.work.isExternal === true;
		const waiting = this.#pending.filter(({ job }) => isExternal(job)).length + Number(isExternal(this.#loading?.pending.job));
		const loading = this.#loading?.others.filter(isExternal).length ?? 0;
		const running = [...this.runners.values()].flatMap(({ active, queue }) => [...active, ...queue]).filter(isExternal).length;
		return waiting + loading + running;
	}

	get usedBytes(): number {
		let used = this.#loading ? neededBytesOf(this.#loading.pending.model, this.#placesOf(this.#loading.pending.model)) : 0;
		for (const { bytes } of this.runners.values()) used += bytes;
		return used;
	}

	send(work: Work, now: number): void {
		if (!this.isOn) return;
		this.advance(now);
		const job = newJob(work, now);
		const { model } = work.session;
		const runner = this.runners.get(model.name);
		if (runner) this.#attach(runner, job);
		else if (this.#loading?.pending.model === model) this.#loading.others.push(job);
		else this.#pending.push({ model, job });
		this.#settle();
	}

	/** Loads a model that nobody asked for yet, to stay until a request says otherwise. */
	warm(model: ModelSpec, now: number, done: () => void): void {
		if (!this.isOn || this.runners.has(model.name) || this.#loading?.pending.model === model) return done();
		this.advance(now);
		this.#pending.push({ model, job: undefined, done });
		this.#settle();
	}

	/** Loses everything. */
	switchOff(now: number): void {
		this.advance(now);
		this.isOn = false;
		this.runners.clear();
		this.#pending.length = 0;
		this.#loading = undefined;
		this.version++;
	}

	/** When something happens next by itself. */
	nextAt(): number {
		let next = this.#loading?.until ?? Infinity;
		const working = this.#workingRunners();
		for (const runner of this.runners.values()) {
			if (!isUsed(runner)) next = Math.min(next, runner.idleSince + runner.keepAliveS);
			for (const job of runner.active) next = Math.min(next, this.#now + job.remainingS / speedOf(job, runner, this.node.machine, working));
		}
		return next;
	}

	/** Lets time pass; what was due by `now` happens. */
	advance(now: number): void {
		const elapsed = now - this.#now;
		const working = this.#workingRunners();
		const speeds = [...this.runners.values()].flatMap((runner) =>
			runner.active.map((job) => [job, speedOf(job, runner, this.node.machine, working)] as const),
		);
		for (const [job, speed] of speeds) job.remainingS -= elapsed * speed;
		this.#now = now;
	}

	/** Advances and acts on what is due. */
	wake(now: number): void {
		this.advance(now);
		if (this.#loading && this.#loading.until <= now + NOTHING_S) this.#loaded(this.#loading);
		for (const runner of this.runners.values()) {
			if (!isUsed(runner) && runner.idleSince + runner.keepAliveS <= now + NOTHING_S) this.runners.delete(runner.model.name);
		}
		for (const runner of this.runners.values()) {
			for (const job of runner.active.filter(({ remainingS }) => remainingS <= NOTHING_S)) this.#phaseOver(runner, job);
		}
		this.#settle();
	}

	#workingRunners(): number {
		let working = 0;
		for (const { active } of this.runners.values()) if (active.length > 0) working++;
		return working;
	}

	#placesOf(model: ModelSpec): number {
		return model.isEmbedding ? 1 : this.#parallel;
	}

	#attach(runner: Runner, job: Job): void {
		job.attachedAt = this.#now;
		runner.keepAliveS = KEEP_ALIVE_S;
		if (runner.active.length < runner.places) this.#start(runner, job);
		else runner.queue.push(job);
	}

	#start(runner: Runner, job: Job): void {
		const { machine } = this.node;
		const { model, gpuShare } = runner;
		const { promptTokens, outputTokens, session } = job.work;
		job.cachedTokens = runner.memory.cachedTokens(session, promptTokens);
		const noise = this.#noise.lognormal(1, SERVICE_NOISE);
		job.phase = "prefill";
		job.startedAt = this.#now;
		job.remainingS = ((promptTokens - job.cachedTokens) / prefillRate(machine, model, gpuShare)) * noise;
		job.decodeS = decodeS(machine, model, { gpuShare, promptTokens, outputTokens }) * noise;
		runner.active.push(job);
	}

	#phaseOver(runner: Runner, job: Job): void {
		if (job.phase === "prefill") {
			job.phase = "decode";
			job.remainingS = job.decodeS;
			job.firstTokenAt = this.#now;
			this.#events.firstToken(job);
			if (job.remainingS > NOTHING_S) return;
		}
		runner.active.splice(runner.active.indexOf(job), 1);
		runner.memory.remember(job.work.session, job.work.promptTokens + job.work.outputTokens);
		const next = runner.queue.shift();
		if (next) this.#start(runner, next);
		else runner.idleSince = this.#now;
		this.#events.done(job);
	}

	#loaded({ pending: { model, job, done }, others }: Loading): void {
		this.#loading = undefined;
		const places = this.#placesOf(model);
		const bytes = neededBytesOf(model, places);
		const free = Math.max(0, this.node.machine.usableBytes - this.usedBytes);
		const keepAliveS = job ? KEEP_ALIVE_S : Infinity;
		const runner = newRunner(model, { bytes, gpuShare: Math.min(1, free / bytes), places, keepAliveS, idleSince: this.#now });
		this.runners.set(model.name, runner);
		for (const waiting of [job, ...others]) if (waiting) this.#attach(runner, waiting);
		done?.();
	}

	/** Takes pending requests in order as far as it gets, then tells that things changed. */
	#settle(): void {
		for (const runner of this.runners.values()) if (runner.isLeaving && !isUsed(runner)) this.#evict(runner);
		while (!this.#loading) {
			const [head] = this.#pending;
			if (!head) break;
			const runner = this.runners.get(head.model.name);
			if (runner) this.#use(runner, head);
			else if (this.#makeRoom(head.model)) this.#load(head);
			else break;
			this.#pending.shift();
		}
		this.version++;
		this.#events.changed(this);
	}

	#use(runner: Runner, { job, done }: Pending): void {
		if (job) this.#attach(runner, job);
		done?.();
	}

	#load(pending: Pending): void {
		this.counts.loads++;
		const until = this.#now + loadS(this.node.machine, pending.model) * this.#noise.lognormal(1, LOAD_NOISE);
		const waiting = this.#pending.filter(({ model, job }) => job && model === pending.model && job !== pending.job);
		this.#loading = { pending, others: waiting.flatMap(({ job }) => job ?? []), until };
		for (const taken of waiting) this.#pending.splice(this.#pending.indexOf(taken), 1);
	}

	/** False: a busy runner has to end first. */
	#makeRoom(model: ModelSpec): boolean {
		while (!this.#fits(model)) {
			const order = [...this.runners.values()].sort((a, b) => a.keepAliveS - b.keepAliveS || (a.model.name < b.model.name ? -1 : 1));
			const idle = order.find((runner) => !isUsed(runner));
			if (idle) this.#evict(idle);
			else {
				const [victim] = order;
				if (victim && !order.some(({ isLeaving }) => isLeaving)) victim.isLeaving = true;
				return false;
			}
		}
		return true;
	}

	#fits(model: ModelSpec): boolean {
		if (this.runners.size === 0) return true;
		if (this.runners.size >= MAX_LOADED) return false;
		return neededBytesOf(model, this.#placesOf(model)) <= FILL_RATIO * (this.node.machine.usableBytes - this.usedBytes);
	}

	#evict(runner: Runner): void {
		this.counts.evictions++;
		this.runners.delete(runner.model.name);
	}
}
