/** Learns when the owner needs the machine, and says how much of it is the fleet's now. */
import type { CapacityReport } from "../../../worker/protocol/capacity.ts";
import type { MachineReport } from "../machine-report.ts";
import { type OwnerLoad, ownerLoad, type Seen } from "./owner-load.ts";
import { Recent } from "./recent.ts";
import { availability, confidence, type LearnedMode, stepFor } from "./score.ts";
import { nextStrain, type Strain } from "./strain.ts";
import type { WallClock } from "./wall-clock.ts";
import type { Week } from "./week.ts";

/** The origin's: until then the past of an hour says nothing. */
const BOOTSTRAP_DAYS = 7;
/** Of a machine that slept, no time in between was seen. */
const LONGEST_SPAN_MS = 60_000;
const HOUR_MS = 3_600_000;
/** An hour with more than this is called the owner's. */
const USUALLY_BUSY = 0.5;

export type Observed = Omit<Seen, "machine"> & { machine: Pick<MachineReport, "cpu" | "gpus" | "memory" | "battery"> };

export class Learner {
	readonly #week: Week;
	readonly #wall: WallClock;
	readonly #recent = new Recent();
	#strain: Strain = { isStrained: false };
	#seenAt: number | undefined;
	/** The owner's, as last known. */
	#load = 0;
	#owner: OwnerLoad = { isPresent: false, memory: 0 };
	#onBattery = false;
	#modelMemoryBytes = 0;

	constructor(week: Week, wall: WallClock) {
		this.#week = week;
		this.#wall = wall;
	}

	get week(): Week {
		return this.#week;
	}

	/** Once a beat. */
	observe(seen: Observed, at: number): void {
		const gapMs = this.#seenAt === undefined ? 0 : Math.max(0, at - this.#seenAt);
		const spanMs = Math.min(LONGEST_SPAN_MS, gapMs);
		this.#seenAt = at;
		if (gapMs > LONGEST_SPAN_MS) this.#strain = { isStrained: this.#strain.isStrained };
		this.#owner = ownerLoad(seen);
		this.#onBattery = seen.machine.battery?.on_battery ?? false;
		this.#modelMemoryBytes = modelMemoryBytes(seen.machine);
		this.#strain = nextStrain(this.#strain, this.#owner.measured, at);
		const { load } = this.#owner;
		this.#load = load ?? 0;
		if (load === undefined || spanMs === 0) return;
		this.#recent.add(load, at);
		this.#week.learn(load, this.#wall(at), { hours: spanMs / HOUR_MS, at });
	}

	report(at: number): CapacityReport {
		const days = this.#week.daysObserved(at);
		const isNew = days < BOOTSTRAP_DAYS;
		const history = isNew ? undefined : this.#week.slot(this.#wall(at), at);
		const score = availability({ history, load: this.#load, memory: this.#owner.memory, trend: this.#recent.trend });
		const step = stepFor(score, this.#modelMemoryBytes);
		const forced = this.#forced;
		const mode = forced === undefined ? step.mode : "paused";
		return {
			mode: isNew && mode !== "paused" ? "bootstrap" : mode,
			reason: forced ?? this.#reasonFor(mode, history?.mean ?? 0),
			override_active: false,
			...(mode !== "paused" && step.ceilingBytes !== undefined && { ceiling_bytes: step.ceilingBytes }),
			availability_score: forced === undefined ? Math.round(score * 1000) / 1000 : 0,
			learning_confidence: confidence(days, this.#week.meanHours(at)),
			days_observed: days,
		};
	}

	/** What leaves no room for weighing. */
	get #forced(): string | undefined {
		if (this.#onBattery) return "on_battery";
		return this.#strain.isStrained ? "sustained_high_load" : undefined;
	}

	#reasonFor(mode: LearnedMode, usualLoad: number): string {
		if (mode === "paused" && usualLoad > USUALLY_BUSY) return "historically_busy_slot";
		if (mode !== "full" && this.#owner.isPresent) return "owner_active";
		return REASONS[mode];
	}
}

/** The origin's words. */
const REASONS: Record<LearnedMode, string> = {
	paused: "currently_busy",
	learned_low: "low_availability",
	learned_medium: "moderate_availability",
	learned_high: "good_availability",
	full: "high_availability",
};

/** What models run from: the cards' own memory where there are such cards, else the machine's. */
function modelMemoryBytes({ gpus = [], memory }: Observed["machine"]): number {
	const cards = gpus.filter(({ unified }) => !unified).reduce((sum, { memory_total_bytes: bytes = 0 }) => sum + bytes, 0);
	return cards > 0 ? cards : memory.total_bytes;
}
