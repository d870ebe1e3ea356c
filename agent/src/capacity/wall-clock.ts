/** What a clock on the wall shows. Hours of a week are those of the wall, so that summer time moves no habit. */
export interface WallTime {
	/** Monday is 0. */
	weekday: number;
	/** Of the day. */
	minute: number;
}

/** Of an instant in epoch milliseconds. */
export type WallClock = (at: number) => WallTime;

/** In the time zone of this machine. */
export const localWallClock: WallClock = (at) => {
	const date = new Date(at);
	return { weekday: (date.getDay() + 6) % 7, minute: date.getHours() * 60 + date.getMinutes() };
};
