/** Values over time. One hue; what it is compared with is grey; where nothing is known there is a gap, never a line through it. */
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import "./charts.css";
import { type Palette, paletteOf } from "./palette.ts";

export interface ChartSeries {
	readonly label: string;
	/** One per instant; null where nothing is known. */
	readonly values: readonly (number | null)[];
	readonly kind: "line" | "bars" | "compared";
	/** From 1, faint, to 4, the accent. */
	readonly tint?: 1 | 2 | 3 | 4;
}

export interface TimeChartProps {
	readonly title: string;
	/** Epoch seconds, ascending; at most 2,000 are worth drawing. */
	readonly at: readonly number[];
	readonly series: readonly ChartSeries[];
	/** Indices of two series between which the space is tinted: percentiles. */
	readonly band?: readonly [upper: number, lower: number];
	/** A value as words: `1.3 s`. */
	readonly words: (value: number) => string;
	/** Charts of the same key share one crosshair. */
	readonly syncKey?: string;
	/** Dragging chose a range, epoch seconds. */
	readonly onZoom?: (from: number, to: number) => void;
}

const HEIGHT = 168;
const AXIS_WIDTH = 64;

export function TimeChart(props: TimeChartProps) {
	const holder = useRef<HTMLDivElement>(null);
	useEffect(() => {
		const element = holder.current;
		if (!element) return undefined;
		let plot = draw(element, props);
		const redraw = () => {
			plot.destroy();
			plot = draw(element, props);
		};
		const resized = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: HEIGHT }));
		resized.observe(element);
		const rethemed = new MutationObserver(redraw);
		rethemed.observe(document.documentElement, { attributeFilter: ["data-theme"] });
		const scheme = matchMedia("(prefers-color-scheme: dark)");
		scheme.addEventListener("change", redraw);
		return () => {
			scheme.removeEventListener("change", redraw);
			rethemed.disconnect();
			resized.disconnect();
			plot.destroy();
		};
	}, [props.at, props.series, props.title]);
	return (
		<figure class="chart">
			<figcaption>{props.title}</figcaption>
			<div ref={holder} class="chart-plot" aria-hidden="true" />
			<ChartTable {...props} />
		</figure>
	);
}

/** The same values as a table: for screen readers, and for copying. */
function ChartTable({ title, at, series, words }: TimeChartProps) {
	return (
		<details class="chart-table">
			<summary>
				As a table<span class="for-screen-readers">: {title}</span>
			</summary>
			<div class="scrolls" tabIndex={0} role="region" aria-label={title}>
				<table class="data-table">
					<thead>
						<tr>
							<th scope="col">Time</th>
							{series.map(({ label }) => (
								<th key={label} scope="col" class="number">
									{label}
								</th>
							))}
						</tr>
					</thead>
					<tbody>
						{at.map((seconds, row) => (
							<tr key={seconds}>
								<td>{new Date(seconds * 1000).toLocaleString()}</td>
								{series.map(({ label, values }) => (
									<td key={label} class="number">
										{wordsOf(values[row], words)}
									</td>
								))}
							</tr>
						))}
					</tbody>
				</table>
			</div>
		</details>
	);
}

function wordsOf(value: number | null | undefined, words: TimeChartProps["words"]): string {
	return value === null || value === undefined ? "–" : words(value);
}

function draw(element: HTMLElement, props: TimeChartProps): uPlot {
	const palette = paletteOf(element);
	const data: uPlot.AlignedData = [[...props.at], ...props.series.map(({ values }) => [...values])];
	return new uPlot(optionsOf(element.clientWidth, props, palette), data, element);
}

function optionsOf(width: number, { series, band, words, syncKey, onZoom }: TimeChartProps, palette: Palette): uPlot.Options {
	const axis = { stroke: palette.soft, grid: { stroke: palette.line, width: 1 }, ticks: { show: false }, font: palette.font };
	return {
		width,
		height: HEIGHT,
		cursor: { ...(syncKey !== undefined && { sync: { key: syncKey } }), drag: { x: onZoom !== undefined, y: false, setScale: false } },
		legend: { live: true },
		axes: [axis, { ...axis, size: AXIS_WIDTH, values: (_, splits) => splits.map((value) => words(value)) }],
		scales: { y: { range: (_, __, max) => [0, max > 0 ? max * 1.1 : 1] } },
		series: [{}, ...series.map((one) => seriesOptions(one, words, palette))],
		...(band && { bands: [{ series: [band[0] + 1, band[1] + 1], fill: palette.band }] }),
		hooks: { setSelect: [(plot) => zoomed(plot, onZoom)] },
	};
}

function seriesOptions({ label, kind, tint = 4 }: ChartSeries, words: TimeChartProps["words"], palette: Palette): uPlot.Series {
	const stroke = kind === "compared" ? palette.compared : palette.tints[tint - 1];
	const common = { label, value: (_: uPlot, value: number | null) => wordsOf(value, words), spanGaps: false };
	const bars = kind === "bars" ? uPlot.paths.bars?.({ size: [0.8, 40] }) : undefined;
	if (bars) return { ...common, fill: stroke ?? "", width: 0, paths: bars, points: { show: false } };
	return { ...common, stroke: stroke ?? "", width: kind === "compared" ? 1 : 1.75, points: { show: false } };
}

function zoomed(plot: uPlot, onZoom: TimeChartProps["onZoom"]): void {
	const { left, width } = plot.select;
	if (width < 4 || !onZoom) return;
	onZoom(Math.floor(plot.posToVal(left, "x")), Math.ceil(plot.posToVal(left + width, "x")));
	plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
}
