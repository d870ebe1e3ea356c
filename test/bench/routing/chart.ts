/** The README's chart: p95 first token by scenario and policy, on a log scale, as SVG for light and dark. Pure. */
import type { RoutingResult } from "./measure.ts";
import type { PolicyName } from "./policies/all.ts";

interface Mark {
	readonly policy: PolicyName;
	readonly label: string;
	/** Of the stroke and the filling; middle tones, to be seen on white and on black. */
	readonly color: string;
	/** Around 0, 0: shapes differ too, for eyes that don't tell the colors apart. */
	readonly shape: string;
	readonly isHollow?: true;
}

/** Drawn in this order, so that ours lies on top. */
const MARKS: readonly Mark[] = [
	{ policy: "least-connections", label: "least connections", color: "#8b949e", shape: "M0-5L5 4H-5Z" },
	{ policy: "herd-0.6.1", label: "ollama-herd 0.6.1", color: "#e5534b", shape: "M-4-4H4V4H-4Z" },
	{ policy: "herd-fixed", label: "ollama-herd, mended", color: "#d9902f", shape: "M0-5.5L5.5 0L0 5.5L-5.5 0Z" },
	{
		policy: "oracle",
		label: "this rule, knowing the future",
		color: "#3fa66b",
		shape: "M-6 0A6 6 0 1 0 6 0A6 6 0 1 0-6 0Z",
		isHollow: true,
	},
	{ policy: "ours", label: "this rule", color: "#2f81f7", shape: "M-5 0A5 5 0 1 0 5 0A5 5 0 1 0-5 0Z" },
];
const WIDTH = 760;
const ROW = 24;
const LEFT = 110;
const RIGHT = WIDTH - 20;
const TOP = 58;
/** For the axis and what it says. */
const BOTTOM = 44;
/** A legend entry's width by its letters, at the font's 12 pixels. */
const LEGEND = { perLetter: 6.6, besides: 32 };
const STYLE = `text{font:12px system-ui,-apple-system,"Segoe UI",sans-serif;fill:#1f2328}.faint{fill:#59636e}line{stroke:#d1d9e0}
@media(prefers-color-scheme:dark){text{fill:#e6edf3}.faint{fill:#9198a1}line{stroke:#3d444d}}`;

export function chart({ measured, seeds }: RoutingResult): string {
	const scenarios = [...new Set(measured.map(({ scenario }) => scenario))];
	const drawn = measured.filter(({ policy }) => MARKS.some((mark) => mark.policy === policy));
	const scale = logScale(drawn.map(({ mean }) => mean.ttft95));
	const height = TOP + scenarios.length * ROW + BOTTOM;
	const yOf = (scenario: string) => TOP + (scenarios.indexOf(scenario) + 0.5) * ROW;
	const dots = MARKS.flatMap((mark) =>
		drawn
			.filter(({ policy }) => policy === mark.policy)
			.map(({ scenario, mean }) => dot(mark, { x: scale.x(mean.ttft95), y: yOf(scenario), title: `${mean.ttft95.toFixed(1)} s` })),
	);
	return [
		`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img">`,
		"<title>95th percentile of the time to first token, by scenario and policy</title>",
		`<style>${STYLE}</style>`,
		...legend(),
		...scenarios.map((name) => row(name, yOf(name))),
		...scale.ticks.map((tick) => axisLine(tick, { x: scale.x(tick), bottom: height - BOTTOM })),
		text({ x: (LEFT + RIGHT) / 2, y: height - 8, anchor: "middle", isFaint: true }, sayAxis(seeds.length)),
		...dots,
		"</svg>\n",
	].join("\n");
}

function sayAxis(seeds: number): string {
	return `seconds until the first token, 95th percentile (log scale, left is better); simulated, mean of ${seeds} seeds`;
}

/** From a round number below the least to one above the most. */
function logScale(values: readonly number[]): { ticks: readonly number[]; x: (value: number) => number } {
	const rounds = [-2, -1, 0, 1, 2, 3, 4].flatMap((power) => [1, 2, 5].map((digit) => digit * 10 ** power));
	const low = rounds.findLast((round) => round <= Math.min(...values)) ?? 0.01;
	const high = rounds.find((round) => round >= Math.max(...values) && round > low) ?? 1e5;
	const x = (value: number) => LEFT + ((RIGHT - LEFT) * Math.log(value / low)) / Math.log(high / low);
	return { ticks: rounds.filter((round) => round >= low && round <= high), x };
}

function legend(): string[] {
	let x = 14;
	return MARKS.toReversed().map((mark) => {
		const at = x;
		x += LEGEND.besides + LEGEND.perLetter * mark.label.length;
		return `${dot(mark, { x: at, y: 20, title: mark.label })}${text({ x: at + 12, y: 24 }, mark.label)}`;
	});
}

function row(name: string, y: number): string {
	return `<line x1="${LEFT}" y1="${y}" x2="${RIGHT}" y2="${y}"/>${text({ x: LEFT - 14, y: y + 4, anchor: "end" }, name)}`;
}

function axisLine(tick: number, { x, bottom }: { x: number; bottom: number }): string {
	const at = x.toFixed(1);
	const line = `<line x1="${at}" y1="${TOP}" x2="${at}" y2="${bottom}" stroke-dasharray="1 4"/>`;
	return line + text({ x, y: bottom + 16, anchor: "middle", isFaint: true }, String(Number(tick.toPrecision(1))));
}

function dot({ color, shape, isHollow }: Mark, { x, y, title }: { x: number; y: number; title: string }): string {
	const fill = isHollow ? "none" : color;
	const place = `transform="translate(${x.toFixed(1)} ${y})"`;
	return `<path ${place} d="${shape}" fill="${fill}" stroke="${color}" stroke-width="2"><title>${title}</title></path>`;
}

interface Place {
	readonly x: number;
	readonly y: number;
	readonly anchor?: "start" | "middle" | "end";
	readonly isFaint?: boolean;
}

function text({ x, y, anchor = "start", isFaint }: Place, words: string): string {
	return `<text x="${x.toFixed(1)}" y="${y}" text-anchor="${anchor}"${isFaint ? ' class="faint"' : ""}>${words}</text>`;
}
