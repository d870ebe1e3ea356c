/** What the settings say of the rows that are kept. */
export interface RecordsOptions {
	/** 0: for ever. */
	readonly retentionDays: number;
	/** Deployed, the platform puts an idle object to sleep without a word. */
	readonly mayVanish: boolean;
}
