import { HeartbeatSchema } from "../../../worker/protocol/heartbeat.ts";
import type { Host } from "./host.ts";
import type { Probe, Reading } from "./probe.ts";

const USUAL_LIMIT_MS = 3_000;
/** What a machine does not have may be built in or installed, but not every five seconds. */
const ABSENT_EVERY_MS = 600_000;
/** A slow probe must not keep the machine busy: it rests ten times as long as it took. */
const REST_FACTOR = 10;

/** Runs one probe when it is due, one read at a time, and keeps its last good reading. */
export class ProbeRunner {
	#probe: Probe;
	#host: Host;
	#reading: Reading | undefined;
	#readAt: number | undefined;
	#failure: string | undefined;
	#running: { since: number; done: Promise<void> } | undefined;
	#dueAt = Number.NEGATIVE_INFINITY;

	constructor(probe: Probe, host: Host) {
		this.#probe = probe;
		this.#host = host;
	}

	get reading(): Reading | undefined {
		return this.#reading;
	}

	/** Why there is nothing new, with the age of what is shown instead. */
	get failure(): { probe: string; reason: string } | undefined {
		const limitMs = this.#probe.limitMs ?? USUAL_LIMIT_MS;
		const hangs = this.#running !== undefined && this.#host.now() - this.#running.since >= limitMs;
		const reason = hangs ? `no answer within ${limitMs / 1000} s` : this.#failure;
		if (reason === undefined) return undefined;
		const age = this.#readAt === undefined ? "" : `; last value is ${Math.round((this.#host.now() - this.#readAt) / 1000)} s old`;
		return { probe: this.#probe.name, reason: reason + age };
	}

	/** Resolves when the read that is under way has ended; at once when none is due. Never rejects. */
	refresh(): Promise<void> {
		if (this.#running !== undefined) return this.#running.done;
		const since = this.#host.now();
		if (since < this.#dueAt) return Promise.resolve();
		this.#running = { since, done: this.#take(since) };
		return this.#running.done;
	}

	async #take(since: number): Promise<void> {
		let everyMs = this.#probe.everyMs;
		try {
			this.#reading = checked(await this.#probe.read(this.#host, this.#reading));
			this.#failure = undefined;
			if (this.#reading === undefined) everyMs = Math.max(everyMs, ABSENT_EVERY_MS);
			else this.#readAt = this.#host.now();
		} catch (error) {
			this.#failure = reasonOf(error);
		}
		const tookMs = this.#host.now() - since;
		// Beats are not exact to the millisecond: due a little early, so that no beat is skipped.
		this.#dueAt = since + Math.max(everyMs * 0.9, tookMs * REST_FACTOR);
		this.#running = undefined;
	}
}

const ReadingSchema = HeartbeatSchema.pick({
	platform: true,
	cpu: true,
	memory: true,
	gpus: true,
	thermal: true,
	disk: true,
	battery: true,
}).partial();

/** One value that the router would not take must not cost the whole beat. */
function checked(reading: Reading | undefined): Reading | undefined {
	if (reading === undefined) return undefined;
	const { error } = ReadingSchema.safeParse(reading);
	const issue = error?.issues[0];
	if (issue !== undefined) throw new Error(`implausible value at ${issue.path.join(".")}: ${issue.message}`);
	return reading;
}

function reasonOf(error: unknown): string {
	if (!(error instanceof Error)) return String(error);
	const code = "code" in error ? error.code : undefined;
	return code === "EACCES" || code === "EPERM" ? `not allowed: ${error.message}` : error.message;
}
