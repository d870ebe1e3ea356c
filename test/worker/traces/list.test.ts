/** Leafing through traces, and taking them away as a file. */
import { env, exports } from "cloudflare:workers";
import { beforeAll, describe, it } from "vitest";
import { fleetOf } from "../../../worker/env.ts";
import { type Trace, TraceListSchema } from "../../../worker/protocol/trace.ts";
import { look, type TraceFilter } from "../../../worker/traces/filter.ts";
import { insertTraces } from "../../../worker/traces/store.ts";
import { trace } from "../build.ts";
import { DAY_S, MONDAY, randomTraces } from "./random-traces.ts";

/** Two of one instant, so that a page can end between them. */
const TWINS = ["one", "two"].map((id) =>
	trace({ request_id: `twin-${id}`, timestamp: MONDAY + DAY_S, tags: ['"x"', "ci"], finish_reason: "=1+1" }),
);
const TRACES = [...randomTraces(1_200, { seed: 11, days: 2 }), ...TWINS];
const NEWEST_FIRST = TRACES.toSorted((a, b) => b.timestamp - a.timestamp || TRACES.indexOf(b) - TRACES.indexOf(a));

const fetchApi = (path: string) => exports.default.fetch(`http://localhost/dashboard/api/traces${path}`);

async function allPages(query: string, limit = 97): Promise<Trace[]> {
	const found: Trace[] = [];
	for (let cursor: string | null = ""; cursor !== null;) {
		const response = await fetchApi(`?limit=${limit}&${query}${cursor && `&cursor=${cursor}`}`);
		const page = TraceListSchema.parse(await response.json());
		found.push(...page.traces);
		cursor = page.next_cursor;
	}
	return found;
}

beforeAll(async () => {
	await fleetOf(env).flush();
	for (let from = 0; from < TRACES.length; from += 500) await insertTraces(env.DB, TRACES.slice(from, from + 500));
	for (let step = 0; step < 10; step++) await fleetOf(env).flush("sums");
});

describe("the list of traces", () => {
	it.for<[string, (row: Trace) => boolean]>([
		["", () => true],
		["model=qwen3:4b", (row) => row.model === "qwen3:4b"],
		["node_id=alpha", (row) => row.node_id === "alpha"],
		["status=failed", (row) => row.status === "failed"],
		["status=completed", (row) => row.status === "completed"],
		["app=kitchen", (row) => row.tags?.includes("kitchen") === true],
		[
			"model=qwen3:4b&node_id=beta&status=no_output",
			(row) => row.model === "qwen3:4b" && row.node_id === "beta" && row.status === "no_output",
		],
		[
			"app=ci&status=completed&node_id=beta",
			(row) => row.tags?.includes("ci") === true && row.status === "completed" && row.node_id === "beta",
		],
		[`since=${MONDAY + 3600}&before=${MONDAY + DAY_S}`, (row) => row.timestamp >= MONDAY + 3600 && row.timestamp < MONDAY + DAY_S],
		["model=nobody", () => false],
	])("finds with %s each row once, the newest first", async ([query, isWanted], { expect }) => {
		const found = await allPages(query);
		expect(found.map((row) => row.request_id)).toEqual(NEWEST_FIRST.filter(isWanted).map((row) => row.request_id));
	});

	it("leaves out none of two that ended at one instant, when a page ends between them", async ({ expect }) => {
		const found = await allPages(`since=${MONDAY + DAY_S}&before=${MONDAY + DAY_S + 0.001}`, 1);
		expect(found.map((row) => row.request_id)).toEqual(["twin-two", "twin-one"]);
	});

	it.for<[TraceFilter, string]>([
		[{}, "request_traces_timestamp"],
		[{ model: "m" }, "request_traces_model_timestamp"],
		[{ node_id: "n", status: "completed" }, "request_traces_node_timestamp"],
		[{ status: "failed", model: "m" }, "request_traces_trouble"],
		[{ app: "a", status: "failed" }, "PRIMARY KEY"],
	])("looks %o up in an index, and sorts no more than it looked at", async ([filter, index], { expect }) => {
		const { edge } = look(filter, { timestamp: 9e9, id: 1 }, 50);
		const plan = await env.DB.prepare(`explain query plan ${edge.text}`)
			.bind(...edge.bound)
			.all<{ detail: string }>();
		expect(plan.results.map(({ detail }) => detail)).toEqual([expect.stringMatching(`^SEARCH .*${index}`)]);
	});

	it.for<[string, string]>([
		["?status=good", 'status="good" must be one of completed, failed'],
		["?cursor=12", 'cursor="12" is no cursor'],
		["?since=yesterday", 'since="yesterday" must be in epoch seconds'],
		["?limit=1001", 'limit="1001" must be a whole number from 1 to 1000'],
		["/export?format=xml", 'format="xml" must be ndjson or csv'],
	])("refuses %s", async ([path, words], { expect }) => {
		const response = await fetchApi(path);
		expect(response.status).toBe(400);
		expect(await response.text()).toContain(JSON.stringify(words).slice(1, -1));
	});
});

describe("the export", () => {
	it("streams all rows of a filter as JSON lines, the same as the list has", async ({ expect }) => {
		const response = await fetchApi("/export?node_id=beta");
		expect(response.headers.get("content-disposition")).toBe('attachment; filename="traces.ndjson"');
		const lines = (await response.text()).trimEnd().split("\n");
		expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(NEWEST_FIRST.filter((row) => row.node_id === "beta"));
	});

	it("streams them as a table in which no cell is a formula", async ({ expect }) => {
		const response = await fetchApi(`/export?format=csv&since=${MONDAY + DAY_S}&before=${MONDAY + DAY_S + 0.001}`);
		const [head, ...lines] = (await response.text()).trimEnd().split("\r\n");
		expect(head).toMatch(/^request_id,model,original_model,node_id,/);
		expect(lines).toHaveLength(2);
		expect(lines[0]).toMatch(/^twin-two,llama3\.1:8b,/);
		expect(lines[0]).toContain(`,"[""\\""x\\"""",""ci""]","'=1+1",`);
	});

	it("has only its head when nothing is found", async ({ expect }) => {
		expect(await (await fetchApi("/export?model=nobody")).text()).toBe("");
		expect((await (await fetchApi("/export?model=nobody&format=csv")).text()).split("\r\n")).toHaveLength(2);
	});
});
