/** Benchmarks and the use of models in the database, in real workerd. */
import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, it } from "vitest";
import { app } from "../../worker/app.ts";
import { markInterrupted, runOf, saveRun } from "../../worker/benchmarks/store.ts";
import { fleetOf } from "../../worker/env.ts";
import { BenchmarkRunSchema } from "../../worker/protocol/benchmarks.ts";
import { insertTraces } from "../../worker/traces/store.ts";
import { usageByNode } from "../../worker/traces/usage.ts";
import { trace } from "./build.ts";

const api = "/dashboard/api/benchmarks";

async function ask(line: string, body?: unknown) {
	const [method = "GET", path = "/"] = line.split(" ");
	const headers = { host: "localhost", "content-type": "application/json" };
	const request = new Request(`http://localhost${path}`, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
	const response = await app.fetch(request, env, createExecutionContext());
	return { status: response.status, json: await response.json<Record<string, unknown>>() };
}

const run = (runId: string, facts: object = {}) => BenchmarkRunSchema.parse({ run_id: runId, timestamp: 5, duration_s: 60, ...facts });

describe("runs", () => {
	it("that other programs made are kept in the origin's form, and told again", async ({ expect }) => {
		const made = {
			run_id: "mine-1",
			timestamp: 10,
			duration_s: 60,
			tokens_per_sec: 42,
			per_node_results: [{ node_id: "alpha", tok_s: 42 }],
		};
		expect(await ask(`POST ${api}`, made)).toEqual({ status: 200, json: { status: "saved", run_id: "mine-1" } });
		expect((await ask(`GET ${api}/mine-1`)).json.data).toMatchObject({ ...made, status: "complete" });
		expect((await ask(`GET ${api}?limit=1`)).json.data).toHaveLength(1);
		expect((await ask(`GET ${api}/nobodys`)).json).toEqual({ data: null });
	});

	it("that were running when the router ended are interrupted, and no others", async ({ expect }) => {
		await fleetOf(env).flush();
		await saveRun(env.DB, run("cut-off", { status: "running" }));
		await saveRun(env.DB, run("done", { status: "complete" }));
		await markInterrupted(env.DB);
		expect([(await runOf(env.DB, "cut-off"))?.status, (await runOf(env.DB, "done"))?.status]).toEqual(["interrupted", "complete"]);
	});

	it.for([
		[`POST ${api}/start`, { duration: 0 }, 400, "duration must be at least 1"],
		[`POST ${api}/start`, { mode: "clever" }, 400, 'mode must be "default" or "smart"'],
		[`POST ${api}/start`, {}, 409, "no such model (llm) is in memory on a machine that takes work: load one, or choose smart"],
		[`POST ${api}`, { timestamp: 1 }, 400, "run_id must be a text"],
		[`GET ${api}?limit=0`, undefined, 400, 'limit="0" must be a whole number from 1 to 500'],
		[`GET ${api}/compare?a=x`, undefined, 400, "b is missing: name two runs, as in ?a=RUN_ID&b=RUN_ID"],
		[`GET ${api}/compare?a=x&b=x`, undefined, 404, 'no benchmark run "x" is on record'],
	] as const)("%s %o is refused", async ([line, body, status, words], { expect }) => {
		const answer = await ask(line, body);
		expect([answer.status, answer.json.error]).toEqual([status, expect.stringContaining(words)]);
	});

	it("are idle while there is none", async ({ expect }) => {
		expect((await ask(`GET ${api}/progress`)).json).toMatchObject({ status: "idle", requests_completed: 0 });
		expect((await ask(`POST ${api}/cancel`, {})).json).toEqual({ status: "not_running" });
	});
});

describe("the use of models", () => {
	it("is counted by machine, once for each request however often its batch is written", async ({ expect }) => {
		await fleetOf(env).flush();
		const at = (id: string, facts = {}) => trace({ request_id: `use-${id}`, model: "used:1b", node_id: "gamma", ...facts });
		const batch = [at("1", { timestamp: 7 }), at("2", { timestamp: 9 }), at("3", { timestamp: 8 }), at("nowhere", { node_id: "" })];
		await insertTraces(env.DB, batch);
		await insertTraces(env.DB, batch);
		expect((await usageByNode(env.DB)).filter(({ model }) => model === "used:1b")).toEqual([
			{ node_id: "gamma", model: "used:1b", requests: 3, last_used: 9 },
		]);
	});
});
