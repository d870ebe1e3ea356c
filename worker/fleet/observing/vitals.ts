/** The figures above the health cards. Pure. */
import type { TotalsPart } from "../../protocol/day-totals.ts";
import type { Vitals } from "../../protocol/health.ts";
import type { FleetState } from "../state.ts";

export function vitalsOf({ nodes }: FleetState, day: TotalsPart): Omit<Vitals, "health_score"> {
	const withStatus = (wanted: string) => [...nodes.values()].filter(({ status }) => status === wanted).length;
	return {
		nodes_total: nodes.size,
		nodes_online: withStatus("online"),
		nodes_degraded: withStatus("degraded"),
		nodes_offline: withStatus("offline"),
		overall_error_rate_pct: day.requests === 0 ? 0 : Math.round((day.failed / day.requests) * 1000) / 10,
		cold_loads_24h: day.loads,
		avg_ttft_ms: day.firstTokens === 0 ? null : Math.round(day.firstTokensMs / day.firstTokens),
		total_requests_24h: day.requests,
		total_retries_24h: day.retries,
		client_disconnects_24h: day.disconnects,
		incomplete_streams_24h: day.incomplete,
	};
}
