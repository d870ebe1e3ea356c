/** The Grafana dashboard asks only for what the router has. */
import { readFileSync } from "node:fs";
import { describe, it } from "vitest";
import * as z from "zod";
import { fleetGauges } from "../../../worker/fleet/observing/gauges.ts";
import { RequestMeters } from "../../../worker/fleet/observing/request-meters.ts";
import { routerGauges } from "../../../worker/fleet/observing/router-gauges.ts";
import { DaySums } from "../../../worker/fleet/observing/day-sums.ts";
import { vitalsOf } from "../../../worker/fleet/observing/vitals.ts";
import { NOTHING_YET } from "../../../worker/health/engine.ts";
import { healthReport } from "../../../worker/health/report.ts";
import { fleetOf } from "../build-node.ts";

const Panel = z.object({ title: z.string().min(1), targets: z.array(z.object({ expr: z.string() })).min(1) });
const Dashboard = z.object({ panels: z.array(Panel), templating: z.object({ list: z.array(z.object({ query: z.string() })) }) });

const dashboard = Dashboard.parse(JSON.parse(readFileSync("docs/grafana.json", "utf8")));

/** Every name a server of Prometheus would know. */
function served(): Set<string> {
	const state = fleetOf();
	const health = healthReport(NOTHING_YET, vitalsOf(state, new DaySums().total(0)), 0);
	const router = routerGauges({ health, watching: 0, dropped: 0, startedAt: 0 });
	const families = [...new RequestMeters().families(), ...fleetGauges(state, 0), ...router];
	return new Set(
		families.flatMap(({ name, type }) => (type === "histogram" ? ["_bucket", "_sum", "_count"].map((suffix) => name + suffix) : [name])),
	);
}

describe("docs/grafana.json", () => {
	it("names only metrics that /metrics has", ({ expect }) => {
		const queries = [
			...dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
			...dashboard.templating.list.map(({ query }) => query),
		];
		const named = new Set(queries.flatMap((query) => query.match(/\bherd_\w+/g) ?? []));
		expect(named.size).toBeGreaterThan(20);
		expect([...named].filter((name) => !served().has(name))).toEqual([]);
	});

	it("closes every bracket of its queries", ({ expect }) => {
		for (const { title, targets } of dashboard.panels) {
			for (const { expr } of targets) {
				for (const [open, close] of ["()", "{}", "[]"])
					expect(expr.split(open ?? "").length, `${title}: ${expr}`).toBe(expr.split(close ?? "").length);
			}
		}
	});
});
