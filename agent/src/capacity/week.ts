/** What was learned of the owner's week: one small record for each of its 168 hours, and nothing else, however long it goes on. */
import { WEEK_HOURS, type WeekMap } from "../../../worker/protocol/capacity.ts";
import { decayed, type Moments, observe } from "./moments.ts";
import type { WallTime } from "./wall-clock.ts";

const DAY_MS = 86_400_000;
/** Less than three minutes of an hour are no picture of it. */
const LEAST_HOURS = 0.05;

export interface SavedWeek {
	/** Epoch milliseconds. */
	firstAt: number;
	slots: readonly (Moments | undefined)[];
}

export class Week {
	readonly #firstAt: number;
	readonly #slots: (Moments | undefined)[];

	constructor({ firstAt, slots }: SavedWeek) {
		this.#firstAt = firstAt;
		this.#slots = Array.from({ length: WEEK_HOURS }, (_, hour) => slots[hour]);
	}

	/** The owner's load, 0 to 1, was this for so many hours until `at`. */
	learn(load: number, wall: WallTime, seen: { hours: number; at: number }): void {
		const hour = hourOf(wall);
		this.#slots[hour] = observe(this.#slots[hour], load, seen);
	}

	/** What is known of this hour of the week. */
	slot(wall: WallTime, now: number): Moments | undefined {
		const slot = this.#slots[hourOf(wall)];
		return slot && decayed(slot, now);
	}

	daysObserved(now: number): number {
		return Math.max(0, Math.floor((now - this.#firstAt) / DAY_MS));
	}

	/** Hours observed of an hour of the week, on average. */
	meanHours(now: number): number {
		return this.#slots.reduce((sum, slot) => sum + (slot ? decayed(slot, now).hours : 0), 0) / WEEK_HOURS;
	}

	get map(): WeekMap {
		return this.#slots.map((slot) => (slot && slot.hours >= LEAST_HOURS ? Math.round(slot.mean * 100) : null));
	}

	get saved(): SavedWeek {
		return { firstAt: this.#firstAt, slots: this.#slots };
	}
}

function hourOf({ weekday, minute }: WallTime): number {
	return weekday * 24 + Math.floor(minute / 60);
}
