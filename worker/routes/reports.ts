/** What the page draws, counted beforehand. */
import type { Context } from "hono";
import * as z from "zod";
import { type AppEnv, fleetOf } from "../env.ts";
import { RouterError } from "../errors.ts";
import type { FleetSnapshot } from "../protocol/fleet.ts";
import { canonicalName } from "../routing/names.ts";
import { apps, appsDaily } from "../traces/reports/apps.ts";
import { contextUsage } from "../traces/reports/context-usage.ts";
import { models } from "../traces/reports/models.ts";
import { overview } from "../traces/reports/overview.ts";
import { type Range, rangeOf } from "../traces/reports/range.ts";
import { trends, type TrendsWish } from "../traces/reports/trends.ts";
import { usage } from "../traces/reports/usage.ts";
import { instant, parseQuery, wholeNumber } from "./parse-query.ts";
import type { Route } from "./route.ts";
import { flushed } from "./traces.ts";

const MAX_HOURS = 24 * 93;
const MAX_DAYS = 366;
const HOUR_S = 3600;

const BETWEEN = { start_ts: instant().default(0), end_ts: instant().default(0) };
const DaysSchema = z.object({ days: wholeNumber(7, { from: 1, to: MAX_DAYS }), ...BETWEEN });
const AppsSchema = DaysSchema.extend({ by: z.enum(["app", "key"], "must be app or key").default("app") });
const TrendsSchema = z.object({
	hours: wholeNumber(72, { from: 1, to: MAX_HOURS }),
	...BETWEEN,
	model: z.string().transform(canonicalName).optional(),
	node_id: z.string().optional(),
	app: z.string().optional(),
	key: z.string().optional(),
});

const get = { method: "GET", access: "read", effects: false, jsonOnly: false } as const;
/** The origin's page calls them tags, its paths both. */
const APPS = ["/dashboard/api/apps", "/dashboard/api/tags"];

export const reportRoutes: Route[] = [
	{ ...get, path: "/dashboard/api/overview", handle: counted((context) => overview(context.env.DB)) },
	{ ...get, path: "/dashboard/api/trends", handle: counted((context) => trends(context.env.DB, trendsWish(context))) },
	{ ...get, path: "/dashboard/api/models", handle: counted((context) => models(context.env.DB, inDays(context, DaysSchema))) },
	{ ...get, path: "/dashboard/api/usage", handle: counted((context) => usage(context.env.DB, inDays(context, DaysSchema))) },
	{ ...get, path: "/dashboard/api/context-usage", handle: counted(contexts) },
	...APPS.flatMap((path): Route[] => [
		{ ...get, path, handle: counted((context) => apps(context.env.DB, inDays(context, AppsSchema))) },
		{ ...get, path: `${path}/daily`, handle: counted((context) => appsDaily(context.env.DB, inDays(context, AppsSchema))) },
	]),
];

/** The answer with the newest requests in it. */
function counted(report: (context: Context<AppEnv>) => Promise<object>): Route["handle"] {
	return async (context) => {
		await flushed(context.env, "sums");
		return Response.json(await report(context));
	};
}

/** The query with its range; throws a `RouterError` 400 for what is no range. */
function inDays<Schema extends typeof DaysSchema>(context: Context<AppEnv>, schema: Schema): z.infer<Schema> & { range: Range } {
	const query = parseQuery(context, schema);
	return { ...query, range: checkedRange({ ...query, period: "day", buckets: query.days, most: MAX_DAYS }) };
}

function trendsWish(context: Context<AppEnv>): TrendsWish {
	const { hours, start_ts, end_ts, model, node_id: node, app, key } = parseQuery(context, TrendsSchema);
	const range = checkedRange({ start_ts, end_ts, period: "hour", buckets: hours, most: MAX_HOURS });
	const asked = Object.entries({ model, node, app, key }).filter(([, name]) => name !== undefined);
	if (asked.length > 1) throw new RouterError({ status: 400, message: "Ask for one of model, node_id, app and key at a time" });
	const [facet = "all", name = ""] = asked[0] ?? [];
	return { hours, range, facet: facet as TrendsWish["facet"], name };
}

interface Asked {
	readonly start_ts: number;
	readonly end_ts: number;
	readonly period: "hour" | "day";
	readonly buckets: number;
	readonly most: number;
}

function checkedRange({ start_ts: startTs, end_ts: endTs, period, buckets, most }: Asked): Range {
	const bucketS = period === "hour" ? HOUR_S : 24 * HOUR_S;
	if (startTs !== 0 && endTs !== 0 && endTs <= startTs)
		throw new RouterError({ status: 400, message: `end_ts="${endTs}" must be later than start_ts="${startTs}"` });
	if (startTs !== 0 && endTs !== 0 && endTs - startTs > most * bucketS)
		throw new RouterError({ status: 400, message: `start_ts="${startTs}" and end_ts="${endTs}" must be at most ${most} ${period}s apart` });
	return rangeOf({ period, buckets, startTs, endTs }, Date.now());
}

async function contexts(context: Context<AppEnv>): Promise<object> {
	const { FLEET_NUM_CTX_OVERRIDES: overrides } = context.var.settings;
	return contextUsage(context.env.DB, {
		...inDays(context, DaysSchema),
		allocated: largestContexts(await fleetOf(context.env).status()),
		overrides: new Map(Object.entries(overrides).map(([model, tokens]) => [canonicalName(model), tokens])),
	});
}

function largestContexts({ nodes }: FleetSnapshot): Map<string, number> {
	const largest = new Map<string, number>();
	for (const { name, context_length: tokens } of nodes.flatMap(({ ollama }) => ollama.models_loaded)) {
		const model = canonicalName(name);
		if (tokens > (largest.get(model) ?? 0)) largest.set(model, tokens);
	}
	return largest;
}
