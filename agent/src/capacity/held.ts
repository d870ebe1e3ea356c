/** Why a machine takes nothing new though its agent runs. */
export interface Held {
	reason: string;
	/** Epoch milliseconds at which it ends by itself. */
	until?: number | undefined;
}

/** To its owner, after a colon. */
export const HELD_WORDS: Readonly<Record<string, string>> = {
	paused_by_owner: "it is paused",
	quiet_hours: "quiet hours",
	on_battery: "it runs on its battery",
	sustained_high_load: "something here has kept it busy for minutes",
	currently_busy: "something here keeps it busy",
	historically_busy_slot: "at this hour it usually is yours",
	owner_active: "you use it",
};
