/** What stands, in the form and with the score that the page shows. Pure. */
import type { HealthReport, Recommendation, Severity, Vitals } from "../protocol/health.ts";
import { type Held, type Standing, told } from "./engine.ts";

/** The origin's prices, but for what is only told: that was no less healthy. */
const COST: Record<Severity, number> = { critical: 20, warning: 10, info: 0 };

/** `now` is epoch milliseconds. */
export function healthReport(standing: Standing, vitals: Omit<Vitals, "health_score">, now: number): HealthReport {
	const cards = told(standing);
	return {
		vitals: { ...vitals, health_score: scoreOf(cards) },
		recommendations: cards.map(toRecommendation),
		checked_at: now / 1000,
		score_reason: reasonOf(cards),
		changes: [...standing.changes],
	};
}

export function scoreOf(cards: readonly Held[]): number {
	return Math.max(0, 100 - cards.reduce((sum, { finding }) => sum + COST[finding.severity], 0));
}

function toRecommendation({ check, finding, since }: Held): Recommendation {
	const { severity, title, description, fix, nodeId, data } = finding;
	return { check_id: check.id, severity, title, description, fix, node_id: nodeId ?? null, data: { ...data }, since: since / 1000 };
}

function reasonOf(cards: readonly Held[]): string {
	const count = (severity: Severity) => cards.filter(({ finding }) => finding.severity === severity).length;
	const parts = (["critical", "warning"] as const).flatMap((severity) => {
		const number = count(severity);
		return number === 0 ? [] : [`${number} ${severity}${severity === "warning" && number > 1 ? "s" : ""} (−${number * COST[severity]})`];
	});
	return parts.length === 0 ? "Nothing is wrong" : `100 less ${parts.join(" and ")}`;
}
