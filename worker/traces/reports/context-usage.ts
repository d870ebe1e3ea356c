/** How much of its context each model uses, and how much would do (reference/ollama-herd.md 4.6). */
import type { ContextUsage, ModelContext } from "../../protocol/reports.ts";
import type { Cell } from "../rollup/cell.ts";
import { countOf, percentile } from "../rollup/histogram.ts";
import { byName, readCells } from "../rollup/read.ts";
import type { Range } from "./range.ts";

const SMALLEST_CTX = 4096;
const HEADROOM = 1.5;
const DAY_S = 24 * 3600;

export interface ContextWish {
	readonly days: number;
	readonly range: Range;
	/** By model: the context it is loaded with, and the one that is set for it. */
	readonly allocated: ReadonlyMap<string, number>;
	readonly overrides: ReadonlyMap<string, number>;
}

export async function contextUsage(database: D1Database, { days, range, allocated, overrides }: ContextWish): Promise<ContextUsage> {
	const histograms = ["prompt_histogram", "total_histogram"] as const;
	const used = byName(await readCells(database, { facet: "model", period: "day", ...range, histograms }));
	const lately = { start: range.end - DAY_S, end: range.end };
	const recent = byName(
		await readCells(database, { facet: "model", period: "hour", ...lately, measures: ["total_tokens_max"], histograms: [] }),
	);
	const told = [...used].filter(([, cell]) => (cell.prompt_tokens_max ?? 0) > 0);
	const of = (model: string, cell: Cell) =>
		modelContext(cell, {
			model,
			max24h: recent.get(model)?.total_tokens_max ?? 0,
			allocated: allocated.get(model) ?? null,
			override: overrides.get(model) ?? null,
		});
	return { days, ...range, models: told.map(([model, cell]) => of(model, cell)) };
}

interface Known {
	readonly model: string;
	readonly max24h: number;
	readonly allocated: number | null;
	readonly override: number | null;
}

function modelContext(cell: Cell, { model, max24h, allocated, override }: Known): ModelContext {
	const count = countOf(cell.prompt_histogram);
	const prompt = (ratio: number) => tokensAt(cell.prompt_histogram, ratio, cell.prompt_tokens_max);
	const total = (ratio: number) => tokensAt(cell.total_histogram, ratio, cell.total_tokens_max);
	const recommended = Math.min(recommendedCtx(Math.max(total(0.99), max24h)), allocated ?? Infinity);
	return {
		model,
		allocated_ctx: allocated,
		override_ctx: override,
		request_count: count,
		prompt_tokens: {
			avg: Math.round((cell.context_prompt_tokens ?? 0) / count),
			p50: prompt(0.5),
			p75: prompt(0.75),
			p95: prompt(0.95),
			p99: prompt(0.99),
			max: cell.prompt_tokens_max ?? 0,
		},
		total_tokens: { p95: total(0.95), p99: total(0.99), max: cell.total_tokens_max ?? 0, max_24h: max24h },
		utilization_pct: allocated === null ? null : percent(total(0.99) / allocated),
		recommended_ctx: recommended,
		savings_pct: allocated === null ? null : percent(1 - recommended / allocated),
	};
}

/** Never more than there was. */
function tokensAt(histogram: Cell["total_histogram"], ratio: number, most: number | null): number {
	return Math.min(Math.round(percentile(histogram, ratio) ?? 0), most ?? 0);
}

function recommendedCtx(baseline: number): number {
	return Math.max(SMALLEST_CTX, 2 ** Math.ceil(Math.log2(Math.max(1, Math.floor(baseline * HEADROOM)))));
}

function percent(ratio: number): number {
	return Math.round(ratio * 1000) / 10;
}
