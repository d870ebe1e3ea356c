/** The answers of the dashboard API, asked as a page does, against the rows counted one by one. */
import { env, exports } from "cloudflare:workers";
import { beforeAll, describe, it } from "vitest";
import type * as z from "zod";
import {
	AppsDailySchema,
	AppsSchema,
	ContextUsageSchema,
	ModelsSchema,
	OverviewSchema,
	type Percentiles,
	TrendsSchema,
	UsageSchema,
} from "../../../worker/protocol/reports.ts";
import type { Trace } from "../../../worker/protocol/trace.ts";
import { fleetOf } from "../../../worker/env.ts";
import { insertTraces } from "../../../worker/traces/store.ts";
import { DAY_S, MONDAY, randomTraces } from "./random-traces.ts";

const DAYS = 4;
const TRACES = randomTraces(3_000, { seed: 7, days: DAYS });
/** The second half; the first is the stretch before it. */
const RANGE = { start: MONDAY + 2 * DAY_S, end: MONDAY + DAYS * DAY_S };
const ASKED = `start_ts=${RANGE.start}&end_ts=${RANGE.end}`;
const placed = TRACES.filter(({ status }) => status !== "rejected");
const ranged = TRACES.filter(({ timestamp }) => timestamp >= RANGE.start);

async function ask<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.infer<Schema>> {
	const response = await exports.default.fetch(`http://localhost/dashboard/api/${path}`);
	return schema.parse(await response.json());
}

/** What the origin's fields say of some rows. */
function counted(rows: readonly Trace[]) {
	const completed = rows.filter(({ status }) => status === "completed");
	const sum = (of: (row: Trace) => number | null, among = rows) => among.reduce((total, row) => total + (of(row) ?? 0), 0);
	const mean = (of: (row: Trace) => number | null) =>
		completed.length === 0 ? null : Math.round((100 * sum(of, completed)) / completed.length) / 100;
	return {
		request_count: rows.length,
		completed_count: completed.length,
		failed_count: rows.filter(({ status }) => status === "failed").length,
		avg_latency_ms: mean((row) => row.latency_ms),
		avg_ttft_ms: mean((row) => row.time_to_first_token_ms),
		total_prompt_tokens: sum((row) => row.prompt_tokens),
		total_completion_tokens: sum((row) => row.completion_tokens),
		total_retries: sum((row) => row.retry_count),
		total_fallbacks: rows.filter((row) => row.fallback_used).length,
	};
}

const loaded = (rows: readonly Trace[]) => ({ total_loads: rows.filter(({ load_ms: loadMs }) => loadMs === 4000).length });

const latencies = (rows: readonly Trace[]) => rows.filter(({ status }) => status === "completed").map((row) => row.latency_ms ?? 0);
const extent = (rows: readonly Trace[]) => ({ first_seen: Math.min(...rows.map(at)), last_seen: Math.max(...rows.map(at)) });
const at = ({ timestamp }: Trace) => timestamp;
const dayOf = ({ timestamp }: Trace) => Math.floor(timestamp / DAY_S) * DAY_S;
const hourOf = ({ timestamp }: Trace) => Math.floor(timestamp / 3600) * 3600;

/** The share of `values` at or below a percentile, by nearest rank; an answer may be 5 % off. */
function isNear({ p50, p95, p99, count }: Percentiles, values: readonly number[]): boolean {
	const sorted = values.toSorted((a, b) => a - b);
	const near = (given: number | null, ratio: number) => {
		const exact = sorted[Math.max(1, Math.ceil(ratio * sorted.length)) - 1] ?? NaN;
		return given !== null && Math.abs(given - exact) <= 0.0501 * exact;
	};
	return count === values.length && near(p50, 0.5) && near(p95, 0.95) && near(p99, 0.99);
}

beforeAll(async () => {
	await fleetOf(env).flush();
	for (let from = 0; from < TRACES.length; from += 500) await insertTraces(env.DB, TRACES.slice(from, from + 500));
	for (let uncounted = Infinity; uncounted > 0;) ({ uncounted } = await ask("overview", OverviewSchema));
});

describe("what the page draws", () => {
	it("tells of all requests there ever were", async ({ expect }) => {
		const { request_count: requests, total_prompt_tokens: prompt, total_completion_tokens: completion } = counted(TRACES);
		expect(await ask("overview", OverviewSchema)).toMatchObject({
			...counted(TRACES),
			total_requests: requests,
			total_tokens: prompt + completion,
			models_count: 3,
			first_seen: extent(TRACES).first_seen,
			uncounted: 0,
		});
	});

	it("tells the trends hour by hour, and of the stretch before", async ({ expect }) => {
		const trends = await ask(`trends?${ASKED}`, TrendsSchema);
		const hours = Map.groupBy(ranged, hourOf);
		expect(trends.data.map((hour) => hour.hour_bucket)).toEqual([...hours.keys()].toSorted((a, b) => a - b));
		for (const hour of trends.data) {
			const rows = hours.get(hour.hour_bucket) ?? [];
			expect(hour).toMatchObject({ ...counted(rows), ...loaded(rows) });
			expect(hour.latency_ms.count === 0 || isNear(hour.latency_ms, latencies(rows))).toBe(true);
		}
		const earlier = TRACES.filter(({ timestamp }) => timestamp < RANGE.start);
		expect(trends).toMatchObject({ ...RANGE, totals: counted(ranged), previous: { start: MONDAY, totals: counted(earlier) } });
		expect(isNear(trends.totals.latency_ms, latencies(ranged))).toBe(true);
	});

	it("tells the trends of one model, machine, app or key", async ({ expect }) => {
		const of = async (query: string) => (await ask(`trends?${ASKED}&${query}`, TrendsSchema)).totals;
		expect(await of("node_id=beta")).toMatchObject(counted(ranged.filter((row) => row.node_id === "beta")));
		expect(await of("app=kitchen")).toMatchObject(counted(ranged.filter((row) => row.tags?.includes("kitchen"))));
		expect(await of("key=ada")).toMatchObject(counted(ranged.filter((row) => row.key_name === "ada")));
		const model = ranged.filter((row) => row.model === "qwen3:4b");
		const totals = await of("model=qwen3:4b");
		expect(totals).toMatchObject(counted(model));
		const waits = model.filter(({ status }) => status === "completed");
		const [cold, hot] = [(row: Trace) => row.load_ms === 4000, (row: Trace) => row.load_ms !== 4000];
		expect(
			isNear(
				totals.ttft_hot_ms,
				waits.filter(hot).map((row) => Math.max(1, row.time_to_first_token_ms ?? 0)),
			),
		).toBe(true);
		expect(
			isNear(
				totals.ttft_cold_ms,
				waits.filter(cold).map((row) => Math.max(1, row.time_to_first_token_ms ?? 0)),
			),
		).toBe(true);
	});

	it("tells of models: daily, of all time and of the range; nothing of names that nobody served", async ({ expect }) => {
		const models = await ask(`models?${ASKED}`, ModelsSchema);
		expect(models.summary.map(({ model_name: name }) => name).toSorted()).toEqual(["gemma3:27b", "llama3.1:8b", "qwen3:4b"]);
		for (const summary of models.summary) {
			const rows = placed.filter(({ model }) => model === summary.model_name);
			const times = latencies(rows);
			const limits = { min_latency_ms: Math.min(...times), max_latency_ms: Math.max(...times) };
			expect(summary).toMatchObject({ ...counted(rows), ...extent(rows), ...limits, total_requests: rows.length });
			const before = rows.filter(({ timestamp }) => timestamp < RANGE.start);
			const within = models.range.find((model) => model.model_name === summary.model_name);
			expect(within).toMatchObject({ ...counted(rows.filter((row) => !before.includes(row))), previous_request_count: before.length });
		}
		const requests = models.summary.map((summary) => summary.total_requests);
		expect(requests).toEqual(requests.toSorted((a, b) => b - a));
		expect(models.daily).toHaveLength(2 * 3);
		for (const day of models.daily)
			expect(day).toMatchObject(counted(placed.filter((row) => row.model === day.model_name && dayOf(row) === day.day_bucket)));
	});

	it("tells which machine did how much with which model", async ({ expect }) => {
		const { data } = await ask(`usage?${ASKED}`, UsageSchema);
		expect(data).toHaveLength(2 * 3 * 2);
		for (const { node_id: nodeId, model, day_bucket: day, ...rest } of data)
			expect(rest).toMatchObject(counted(placed.filter((row) => row.node_id === nodeId && row.model === model && dayOf(row) === day)));
	});

	it.for(["apps", "tags"])("tells who asks, under /%s", async (path, { expect }) => {
		const apps = await ask(`${path}?${ASKED}`, AppsSchema);
		expect(apps.data.map(({ tag }) => tag)).toEqual(["kitchen", ...["ci", "evening"].toSorted(byUse)]);
		for (const { tag, ...rest } of apps.data) expect(rest).toMatchObject(counted(ranged.filter((row) => row.tags?.includes(tag))));
		for (const { tag, ...rest } of apps.summary) {
			const rows = TRACES.filter((row) => row.tags?.includes(tag));
			expect(rest).toMatchObject({ ...counted(rows), ...extent(rows) });
		}
		const daily = await ask(`${path}/daily?${ASKED}`, AppsDailySchema);
		expect(daily.data).toHaveLength(2 * 3);
		for (const { tag, day_bucket: day, ...rest } of daily.data)
			expect(rest).toMatchObject(counted(TRACES.filter((row) => row.tags?.includes(tag) && dayOf(row) === day)));
		const keys = await ask(`${path}?${ASKED}&by=key`, AppsSchema);
		expect(keys.data.map(({ tag }) => tag).toSorted()).toEqual(["ada", "bob"]);
	});

	it("tells how much of its context each model uses", async ({ expect }) => {
		const { models } = await ask(`context-usage?${ASKED}`, ContextUsageSchema);
		expect(models).toHaveLength(3);
		for (const { model, prompt_tokens: prompt, ...rest } of models) {
			const rows = ranged.filter((row) => row.model === model && row.status === "completed");
			const prompts = rows.map((row) => row.prompt_tokens ?? 0);
			const totals = rows.map((row) => (row.prompt_tokens ?? 0) + (row.completion_tokens ?? 0));
			const lately = rows.filter((row) => row.timestamp >= RANGE.end - DAY_S).map((row) => totals[rows.indexOf(row)] ?? 0);
			expect(rest).toMatchObject({ allocated_ctx: null, override_ctx: null, request_count: rows.length, recommended_ctx: 16_384 });
			expect(prompt.avg).toBe(Math.round(prompts.reduce((a, b) => a + b, 0) / prompts.length));
			expect([prompt.max, rest.total_tokens.max, rest.total_tokens.max_24h]).toEqual([
				Math.max(...prompts),
				Math.max(...totals),
				Math.max(...lately),
			]);
			const { p50, p75, p95, p99 } = prompt;
			expect(isNear({ count: prompts.length, p50, p75, p95, p99 }, prompts)).toBe(true);
		}
	});

	it.for<[string, string]>([
		["trends?hours=0", 'hours="0" must be a whole number from 1 to 2232'],
		["models?days=x", 'days="x" must be a whole number from 1 to 366'],
		["usage?days=367", 'days="367" must be a whole number from 1 to 366'],
		["apps?start_ts=20&end_ts=10", 'end_ts="10" must be later than start_ts="20"'],
		["apps?by=colour", 'by="colour" must be app or key'],
		["trends?start_ts=1&end_ts=2000000000", "must be at most 2232 hours apart"],
		["trends?model=a&app=b", "one of model, node_id, app and key at a time"],
	])("refuses %s", async ([path, words], { expect }) => {
		const response = await exports.default.fetch(`http://localhost/dashboard/api/${path}`);
		expect(response.status).toBe(400);
		expect(await response.text()).toContain(JSON.stringify(words).slice(1, -1));
	});
});

function byUse(one: string, other: string): number {
	const use = (tag: string) => ranged.filter((row) => row.tags?.includes(tag)).length;
	return use(other) - use(one);
}
