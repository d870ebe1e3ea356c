/** What is told when: patience before a card appears, and before it goes. */
import { describe, it } from "vitest";
import type { Check, Finding } from "../../../worker/health/check.ts";
import { look, NOTHING_YET, type Standing, told } from "../../../worker/health/engine.ts";
import { healthReport } from "../../../worker/health/report.ts";
import { facts } from "./build-facts.ts";

const finding = (said: Partial<Finding> = {}): Finding => ({
	severity: "warning",
	title: "It is hot",
	description: "90 °C",
	fix: "Open a window",
	nodeId: "alpha",
	data: {},
	...said,
});

/** Shows what is in `shown`, and nothing else. */
function scripted(patience: Partial<Pick<Check, "firesAfterMs" | "clearsAfterMs">> = {}) {
	const shown: Finding[] = [];
	const check: Check = { id: "hot", firesAfterMs: 30_000, clearsAfterMs: 60_000, ...patience, find: () => shown };
	let standing: Standing = NOTHING_YET;
	return {
		show: (...findings: Finding[]) => void shown.splice(0, shown.length, ...findings),
		/** The titles of the cards that stand at this second. */
		at(seconds: number): string[] {
			standing = look(standing, [check], facts({ now: seconds * 1000 }));
			return told(standing).map(({ finding: one }) => one.title);
		},
		changes: () => standing.changes.map(({ at, kind }) => `${at} ${kind}`),
		report: (seconds: number) => healthReport(standing, VITALS, seconds * 1000),
	};
}

const VITALS = {
	nodes_total: 1,
	nodes_online: 1,
	nodes_degraded: 0,
	nodes_offline: 0,
	overall_error_rate_pct: 0,
	cold_loads_24h: 0,
	avg_ttft_ms: null,
	total_requests_24h: 0,
	total_retries_24h: 0,
	client_disconnects_24h: 0,
	incomplete_streams_24h: 0,
};

describe("a card", () => {
	it("appears once it has held for long enough, and goes once it has been gone for long enough", ({ expect }) => {
		const engine = scripted();
		engine.show(finding());
		expect([engine.at(0), engine.at(29), engine.at(30)]).toEqual([[], [], ["It is hot"]]);
		engine.show();
		expect([engine.at(31), engine.at(89), engine.at(90)]).toEqual([["It is hot"], ["It is hot"], []]);
		expect(engine.changes()).toEqual(["90 cleared", "30 appeared"]);
	});

	it("does not appear for what only flickers, nor go for a moment without", ({ expect }) => {
		const engine = scripted();
		for (const second of [0, 10, 20, 30, 40]) {
			engine.show(...(second % 20 === 0 ? [finding()] : []));
			expect(engine.at(second)).toEqual([]);
		}
		engine.show(finding());
		engine.at(50);
		engine.at(80);
		engine.show();
		engine.at(85);
		engine.show(finding());
		engine.at(90);
		engine.show();
		expect(engine.at(149)).toEqual(["It is hot"]);
		expect(engine.changes()).toEqual(["80 appeared"]);
	});

	it("says when it got worse or better, and carries the newest words", ({ expect }) => {
		const engine = scripted({ firesAfterMs: 0 });
		engine.show(finding());
		engine.at(0);
		engine.show(finding({ severity: "critical", description: "104 °C" }));
		engine.at(10);
		expect(engine.report(10).recommendations).toMatchObject([{ severity: "critical", description: "104 °C", since: 0, node_id: "alpha" }]);
		engine.show(finding({ severity: "info" }));
		engine.at(20);
		expect(engine.changes()).toEqual(["20 eased", "10 worsened", "0 appeared"]);
	});

	it("stands for itself on each node and for each model", ({ expect }) => {
		const engine = scripted({ firesAfterMs: 0, clearsAfterMs: 0 });
		engine.show(finding(), finding({ nodeId: "beta", title: "beta is hot" }), finding({ about: "m:1b", title: "m is hot" }));
		expect(engine.at(0)).toHaveLength(3);
		engine.show(finding());
		expect(engine.at(1)).toEqual(["It is hot"]);
	});
});

describe("the report", () => {
	it("counts what is wrong, not what is only told, and says how it came to its score", ({ expect }) => {
		const engine = scripted({ firesAfterMs: 0 });
		engine.show(
			finding({ severity: "info", about: "1" }),
			finding({ about: "2" }),
			finding({ about: "3" }),
			finding({ severity: "critical", about: "4" }),
		);
		engine.at(0);
		const { vitals, score_reason: reason, recommendations } = engine.report(0);
		expect([vitals.health_score, reason]).toEqual([60, "100 less 1 critical (−20) and 2 warnings (−20)"]);
		expect(recommendations.map(({ severity }) => severity)).toEqual(["critical", "warning", "warning", "info"]);
	});

	it("is at a hundred when nothing is wrong, and never below zero", ({ expect }) => {
		const engine = scripted({ firesAfterMs: 0 });
		engine.at(0);
		expect(engine.report(0)).toMatchObject({ vitals: { health_score: 100 }, score_reason: "Nothing is wrong" });
		engine.show(...Array.from({ length: 9 }, (_, index) => finding({ severity: "critical", about: String(index) })));
		engine.at(1);
		expect(engine.report(1).vitals.health_score).toBe(0);
	});

	it("keeps the last fifty changes", ({ expect }) => {
		const engine = scripted({ firesAfterMs: 0, clearsAfterMs: 0 });
		for (let second = 0; second < 60; second++) {
			engine.show(...(second % 2 === 0 ? [finding()] : []));
			engine.at(second);
		}
		expect(engine.changes()).toHaveLength(50);
		expect(engine.changes()[0]).toBe("59 cleared");
	});
});
