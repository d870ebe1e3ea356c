import { signalsOf } from "./trace-words.ts";

/** The largest weight of a signal: half the width of a bar. */
const FULL_POINTS = 50;

/** What the chosen machine scored: gains to the right of the line, losses to its left. */
export function ScoreBars({ breakdown, total }: { breakdown: Record<string, number>; total: number | null }) {
	const sum = total ?? breakdown["total"];
	return (
		<dl class="score-bars">
			{signalsOf(breakdown).map(({ signal, points }) => (
				<div key={signal}>
					<dt>{signal}</dt>
					<dd aria-hidden="true" class="score-track">
						<span class={points < 0 ? "loss" : "gain"} style={{ width: `${Math.min(50, (Math.abs(points) / FULL_POINTS) * 50)}%` }} />
					</dd>
					<dd class="score-points">{signed(points)}</dd>
				</div>
			))}
			{sum !== undefined && (
				<div class="score-total">
					<dt>score</dt>
					<dd class="score-points">{Math.round(sum * 10) / 10}</dd>
				</div>
			)}
		</dl>
	);
}

/** Tenths at most; a true minus sign keeps the columns straight. */
function signed(points: number): string {
	const tenths = Math.round(points * 10) / 10;
	return tenths > 0 ? `+${tenths}` : String(tenths).replace("-", "−");
}
