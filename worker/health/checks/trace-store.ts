/** The database takes no rows: requests go on, what is known of them does not last. */
import { type Check } from "../check.ts";

export const traceStore: Check = {
	id: "trace_store_write_failures",
	firesAfterMs: 5_000,
	clearsAfterMs: 10_000,
	find: ({ records: { refused, dropped } }) => {
		if (!refused) return [];
		return [
			{
				severity: dropped > 0 ? "critical" : "warning",
				title: "Traces can't be written",
				description: `The database takes no rows${dropped > 0 ? `; ${dropped} traces were given up` : ", they are kept in memory meanwhile"}.`,
				fix: "Mostly the router's disk is full: make room in its data folder. `logs/herd.jsonl` there has the database's own words.",
				data: { dropped },
			},
		];
	},
};
