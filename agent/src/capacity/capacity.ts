/** What the owner leaves to the fleet: the owner's own word first, then quiet hours, then what was learned. */
import type { CapacityReport } from "../../../worker/protocol/capacity.ts";
import type { HeartbeatReply } from "../../../worker/protocol/heartbeat.ts";
import type { IdentityFile } from "../identity.ts";
import type { Logger } from "../log.ts";
import { untilWords } from "./duration.ts";
import { HELD_WORDS, type Held } from "./held.ts";
import { Learner, type Observed } from "./learner.ts";
import { type QuietSpan, quietUntil } from "./quiet-hours.ts";
import { WeekFile } from "./store.ts";
import { localWallClock, type WallClock } from "./wall-clock.ts";
import { Week } from "./week.ts";
import { WeekTeller } from "./week-teller.ts";

/** After the last own request its load still shows for a while: probes average, and a model may be loaded to its end. */
const SETTLE_MS = 15_000;
const SAVE_EVERY_MS = 600_000;

export interface CapacitySettings {
	/** Off unless the owner wants it. */
	learn: boolean;
	quietHours: readonly QuietSpan[];
	/** Requests at once, over all models. */
	maxPlaces?: number;
}

export interface CapacityParts {
	settings: CapacitySettings;
	identity: IdentityFile;
	dataDir: string;
	log: Logger;
	/** Epoch milliseconds. */
	now: () => number;
	wall?: WallClock;
}

export class Capacity {
	readonly #parts: Required<CapacityParts>;
	readonly #file: WeekFile;
	readonly #learner: Learner | undefined;
	readonly #teller = new WeekTeller();
	#ownWorkAt = Number.NEGATIVE_INFINITY;
	#savedAt: number;
	#said: string | undefined;

	private constructor(parts: Required<CapacityParts>, file: WeekFile, week: Week | undefined) {
		this.#parts = parts;
		this.#file = file;
		this.#learner = week && new Learner(week, parts.wall);
		this.#savedAt = parts.now();
	}

	static async open(given: CapacityParts): Promise<Capacity> {
		const parts = { wall: localWallClock, ...given };
		const { dataDir, identity, settings, log, now } = parts;
		const file = new WeekFile(dataDir, identity.nodeId);
		if (!settings.learn) return new Capacity(parts, file, undefined);
		const saved = await file.read();
		if (saved === "set-aside") log.warn("What was learned of this machine's week could not be read; it was set aside and is learned anew");
		const week = new Week(saved === undefined || saved === "set-aside" ? { firstAt: now(), slots: [] } : saved);
		return new Capacity(parts, file, week);
	}

	get isLearning(): boolean {
		return this.#learner !== undefined;
	}

	/** The fleet's own work begins or ends here: its load is not the owner's. */
	noteOwnWork(): void {
		this.#ownWorkAt = this.#parts.now();
	}

	/** Once a beat, with what its sources read. */
	observe(seen: Omit<Observed, "hasOwnWork">, running: number): void {
		const now = this.#parts.now();
		if (running > 0) this.#ownWorkAt = now;
		this.#learner?.observe({ ...seen, hasOwnWork: Math.abs(now - this.#ownWorkAt) < SETTLE_MS }, now);
		this.#say(now);
		if (now - this.#savedAt >= SAVE_EVERY_MS || now < this.#savedAt) void this.save();
	}

	/** For the beat; undefined while all of the machine is the fleet's. */
	report(): CapacityReport | undefined {
		const report = this.#judge(this.#parts.now());
		const week = this.#learner && this.#teller.next(this.#learner.week.map);
		return report && { ...report, ...(week && { week }) };
	}

	/** What keeps new work away now. */
	get held(): Held | undefined {
		const report = this.#judge(this.#parts.now());
		if (report?.mode !== "paused") return undefined;
		return { reason: report.reason, ...(report.until !== undefined && { until: report.until }) };
	}

	heard(reply: HeartbeatReply): void {
		this.#teller.heard(reply);
	}

	/** Never rejects: what was learned since the last time is all that can be lost. */
	async save(): Promise<void> {
		if (!this.#learner) return;
		this.#savedAt = this.#parts.now();
		await this.#file
			.write(this.#learner.week.saved)
			.catch((error: unknown) => this.#parts.log.warn(`What was learned of this machine's week could not be stored: ${String(error)}`));
	}

	#judge(now: number): CapacityReport | undefined {
		const { maxPlaces } = this.#parts.settings;
		const learned = this.#learner?.report(now);
		const word = this.#wordAt(now);
		if (!learned && !word && maxPlaces === undefined) return undefined;
		return {
			...(learned ?? { mode: "full", reason: "max_places", override_active: true }),
			...(maxPlaces !== undefined && { max_places: maxPlaces }),
			...(word && { mode: "paused", override_active: true, ...word }),
		};
	}

	/** The owner's pause, then quiet hours. */
	#wordAt(now: number): Held | undefined {
		const { identity, settings, wall } = this.#parts;
		const { pause } = identity;
		if (pause && (pause.until === undefined || pause.until > now)) return { reason: "paused_by_owner", ...pause };
		const until = quietUntil(settings.quietHours, now, wall);
		return until === undefined ? undefined : { reason: "quiet_hours", until };
	}

	/** One line per change. */
	#say(now: number): void {
		const { log } = this.#parts;
		const { held } = this;
		if (held?.reason === this.#said) return;
		if (held) log.info(`This machine takes nothing new: ${HELD_WORDS[held.reason] ?? held.reason}${untilWords(held.until, now)}`);
		else log.info("This machine takes work again");
		this.#said = held?.reason;
	}
}
