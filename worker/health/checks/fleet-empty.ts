/** A router without machines. */
import { type Check } from "../check.ts";

export const fleetEmpty: Check = {
	id: "fleet_empty",
	firesAfterMs: 60_000,
	clearsAfterMs: 0,
	find: ({ nodes }) => {
		if (nodes.some(({ status }) => status !== "pending")) return [];
		return [
			{
				severity: "info",
				title: "No machine has joined yet",
				description: "The router answers, but has nobody to send a request to.",
				fix: "Run the line that `herd` printed on each machine with Ollama; `npm run agent -- --router-url URL` does the same from this repository.",
				data: {},
			},
		];
	},
};
