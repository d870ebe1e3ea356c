import type { WeekMap } from "../../../worker/protocol/capacity.ts";
import { hourWords, WEEKDAYS, weekWords } from "./week-words.ts";

/** In units of the drawing. */
const COLUMN = 11.5;
const ROW = 14;
const GUTTER = 30;
const TALLEST = 11;
const LABELLED_HOURS = [0, 6, 12, 18] as const;

/** Seven days of 24 bars: the taller one is, the more that hour is the owner's. The words below say the same. */
export function CapacityMap({ week }: { week: WeekMap }) {
	const words = weekWords(week);
	return (
		<figure class="capacity-map">
			<svg viewBox={`0 0 ${GUTTER + 24 * COLUMN} ${8 * ROW}`} role="img" aria-label={words}>
				{LABELLED_HOURS.map((hour) => (
					<text key={hour} x={GUTTER + hour * COLUMN} y={ROW - 4}>
						{hour}:00
					</text>
				))}
				{WEEKDAYS.map((day, row) => (
					<text key={day} x={0} y={(row + 2) * ROW - 2}>
						{day}
					</text>
				))}
				{week.map((busy, hour) => (
					<Hour key={hour} hour={hour} busy={busy} />
				))}
			</svg>
			<figcaption>
				{words} <span class="aside">By the machine's own clock. A bar is its owner's share of the hour; no line: not seen yet.</span>
			</figcaption>
		</figure>
	);
}

/** The whole cell answers the pointer, not the bar alone. */
function Hour({ hour, busy }: { hour: number; busy: number | null }) {
	const x = GUTTER + (hour % 24) * COLUMN;
	const bottom = (Math.floor(hour / 24) + 2) * ROW - 1;
	const height = busy === null ? 0 : Math.max(1, (busy / 100) * TALLEST);
	return (
		<g>
			<title>{hourWords(hour, busy)}</title>
			<rect class="capacity-cell" x={x} y={bottom - TALLEST} width={COLUMN} height={TALLEST} />
			<rect class="capacity-bar" x={x} y={bottom - height} width={COLUMN - 1.5} height={height} />
		</g>
	);
}
