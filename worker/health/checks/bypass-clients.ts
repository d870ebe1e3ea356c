/** Somebody asks a machine's Ollama directly. */
import { type Check } from "../check.ts";
import { count, nodesThere, secondsText } from "../readings.ts";

export const bypassClients: Check = {
	id: "backend_bypass_clients",
	firesAfterMs: 60_000,
	clearsAfterMs: 60_000,
	find: (facts) =>
		nodesThere(facts).flatMap(({ nodeId, external }) => {
			if (!external) return [];
			return [
				{
					severity: "info",
					title: `${nodeId} works past the router`,
					description: `${count(external.jobs, "request")} at its Ollama came from elsewhere, for ${secondsText(facts.now - external.since)} by now. Routing reckons with them, but can't queue them.`,
					fix: "Point those clients to the router (its port 11435) instead of the machine's 11434.",
					nodeId,
					data: { jobs: external.jobs },
				},
			];
		}),
};
