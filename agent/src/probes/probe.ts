import type { MachineReport } from "../machine-report.ts";
import type { Host } from "./host.ts";

/** The part of a machine report that one probe knows. */
export type Reading = Partial<Omit<MachineReport, "failed_probes">>;

/**
 * One source of telemetry. Reading comes back with `undefined` where this machine has no such thing (no battery, no such card),
 * and rejects where there is one that cannot be read; a value that is not known is left out, never zero.
 */
export interface Probe {
	name: string;
	platforms: readonly NodeJS.Platform[];
	everyMs: number;
	/** After that it counts as failed; what it brings later is taken all the same. 3 s when nothing is said. */
	limitMs?: number;
	/** Gets its own last reading, for what has to stay as it was. */
	read(host: Host, last: Reading | undefined): Promise<Reading | undefined>;
}

export const EVERY_BEAT_MS = 5_000;
export const EVERY_MINUTE_MS = 60_000;
export const EVERY_HOUR_MS = 3_600_000;
