/** Each row is counted exactly once, whatever fails; old rows go, what was counted of them stays. */
import { env } from "cloudflare:workers";
import { beforeEach, describe, it } from "vitest";
import { fleetOf } from "../../../worker/env.ts";
import { dropOldTraces } from "../../../worker/traces/retention.ts";
import { readEver, together } from "../../../worker/traces/rollup/read.ts";
import { RollUp } from "../../../worker/traces/rollup/roll-up.ts";
import { countedThrough, rowsAfter, storedCells, writeCounted } from "../../../worker/traces/rollup/store.ts";
import { Folding } from "../../../worker/traces/rollup/fold.ts";
import { noteEnd, noteStart } from "../../../worker/traces/running.ts";
import { insertTraces } from "../../../worker/traces/store.ts";
import { trace } from "../build.ts";
import { DAY_S, MONDAY, randomTraces } from "./random-traces.ts";

beforeEach(async () => {
	await fleetOf(env).flush();
	const clear = ["request_traces", "rollups", "trace_apps"].map((table) => env.DB.prepare(`delete from ${table}`));
	await env.DB.batch([...clear, env.DB.prepare("update rollup_progress set through = 0")]);
});

async function rows(table: string): Promise<number> {
	return (await env.DB.prepare(`select count(*) as n from ${table}`).first<{ n: number }>())?.n ?? 0;
}

async function countAll(database: D1Database = env.DB): Promise<void> {
	const rollUp = new RollUp(database);
	while (await rollUp.step());
}

const requestsCounted = async () => together(await readEver(env.DB, "all")).request_count;

/** The database, of which some answers get lost: the write has arrived, its caller hears an error. */
function forgetful(isLost: () => boolean): D1Database {
	return new Proxy(env.DB, {
		get(database, name) {
			const value: unknown = Reflect.get(database, name);
			if (name !== "batch") return typeof value === "function" ? value.bind(database) : value;
			return async (statements: D1PreparedStatement[]) => {
				const answer = await database.batch(statements);
				if (isLost()) throw new Error("connection lost");
				return answer;
			};
		},
	});
}

describe("counting", () => {
	it("goes on where it stopped, and counts what comes later", async ({ expect }) => {
		await insertTraces(env.DB, randomTraces(400, { seed: 1, days: 30 }));
		await countAll();
		await countAll();
		await insertTraces(env.DB, randomTraces(100, { seed: 2, days: 30 }));
		await countAll();
		expect(await requestsCounted()).toBe(500);
	});

	it("counts a row once though the answer to its write got lost", async ({ expect }) => {
		await insertTraces(env.DB, randomTraces(300, { seed: 3, days: 20 }));
		let writes = 0;
		const rollUp = new RollUp(forgetful(() => ++writes % 2 === 1));
		for (let more = true; more;) more = await rollUp.step().catch(() => true);
		expect(writes).toBeGreaterThan(2);
		expect(await requestsCounted()).toBe(300);
	});

	it("writes nothing from a place where counting no longer stands", async ({ expect }) => {
		await insertTraces(env.DB, randomTraces(50, { seed: 4, days: 1 }));
		const stale = new Folding();
		const staleRows = stale.add(await rowsAfter(env.DB, 0, 10));
		await countAll();
		const through = await countedThrough(env.DB);
		await writeCounted(env.DB, { from: 0, through: 10, cells: [...stale.cells().values()], rows: staleRows });
		expect([await countedThrough(env.DB), await requestsCounted()]).toEqual([through, 50]);
	});

	it("takes only so many apps for names", async ({ expect }) => {
		const many = Array.from({ length: 1_100 }, (_, index) =>
			trace({ request_id: `app-${index}`, timestamp: MONDAY, tags: [`app-${index}`] }),
		);
		for (let from = 0; from < many.length; from += 500) await insertTraces(env.DB, many.slice(from, from + 500));
		await countAll();
		await insertTraces(env.DB, [trace({ request_id: "later", timestamp: MONDAY, tags: ["late", "later still"] })]);
		await countAll();
		expect(await readEver(env.DB, "app")).toHaveLength(1_001);
		const other = { facet: "app", period: "ever", start: 0, name: "(other)", node_id: "" } as const;
		expect(await storedCells(env.DB, [other])).toMatchObject([{ request_count: 101 }]);
	});
});

describe("retention", () => {
	it("drops old rows and their apps in slices, keeps what was counted, and never drops what was not", async ({ expect }) => {
		await insertTraces(env.DB, randomTraces(500, { seed: 5, days: 2 }));
		await insertTraces(env.DB, randomTraces(300, { seed: 6, days: 2 }));
		const wednesday = MONDAY + 2 * DAY_S;
		expect([await dropOldTraces(env.DB, wednesday), await rows("request_traces")]).toEqual([false, 800]);
		await countAll();
		await insertTraces(env.DB, [trace({ request_id: "kept", timestamp: wednesday, tags: ["kept"] })]);
		expect(await dropOldTraces(env.DB, wednesday)).toBe(true);
		expect(await rows("request_traces")).toBe(301);
		expect(await dropOldTraces(env.DB, wednesday)).toBe(false);
		await countAll();
		expect([await rows("request_traces"), await rows("trace_apps"), await requestsCounted()]).toEqual([1, 1, 801]);
	});
});

describe("the end of a router", () => {
	it("is known to the next one, if there was one", async ({ expect }) => {
		await noteStart(env.DB, 1_000);
		expect(await noteStart(env.DB, 2_000)).toBe(true);
		await noteEnd(env.DB);
		expect(await noteStart(env.DB, 3_000)).toBe(false);
	});
});
