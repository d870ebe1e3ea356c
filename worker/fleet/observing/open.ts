/** Connects the observatory with the rest of the Fleet object. */
import type { Settings } from "../../settings.ts";
import { dayTotals } from "../../traces/day-totals.ts";
import type { PinKeeper } from "../pins/keeper.ts";
import { listPins } from "../pins/list.ts";
import type { Records } from "../records.ts";
import type { FleetState } from "../state.ts";
import { Observatory } from "./observatory.ts";

interface Around {
	readonly settings: () => Settings;
	readonly records: Records;
	readonly pins: PinKeeper;
	readonly database: D1Database;
}

export function openObservatory(state: FleetState, { settings, records, pins, database }: Around): Observatory {
	return new Observatory({
		state,
		settings,
		records,
		pins: () => listPins(state, pins, settings()),
		before: () => dayTotals(database, state.startedAt),
		now: Date.now,
		pipe: () => new IdentityTransformStream(),
	});
}
