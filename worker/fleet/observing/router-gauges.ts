/** The router's own figures, for `/metrics`. Pure. */
import type { Family } from "../../metrics/family.ts";
import type { HealthReport, Severity } from "../../protocol/health.ts";
import { ROUTER_VERSION } from "../../version.ts";
import { gauge } from "./gauges.ts";

interface RouterFigures {
	readonly health: HealthReport;
	readonly watching: number;
	/** Traces given up since the database refused them for too long. */
	readonly dropped: number;
	/** Epoch milliseconds. */
	readonly startedAt: number;
}

const SEVERITIES: readonly Severity[] = ["critical", "warning", "info"];

export function routerGauges({ health, watching, dropped, startedAt }: RouterFigures): Family[] {
	const cards = SEVERITIES.map((severity) => ({
		labels: { severity },
		value: health.recommendations.filter((card) => card.severity === severity).length,
	}));
	return [
		gauge("herd_build_info", "The router's version; always 1", [{ labels: { version: ROUTER_VERSION }, value: 1 }]),
		gauge("herd_start_time_seconds", "When the router was started, in epoch seconds", [{ labels: {}, value: startedAt / 1000 }]),
		gauge("herd_health_score", "100 less what the health cards cost", [{ labels: {}, value: health.vitals.health_score }]),
		gauge("herd_health_cards", "Health cards that stand", cards),
		gauge("herd_live_watchers", "Readers of the live events", [{ labels: {}, value: watching }]),
		{
			name: "herd_traces_dropped_total",
			help: "Traces given up since the database refused them for too long",
			type: "counter",
			samples: [{ labels: {}, value: dropped }],
		},
	];
}
