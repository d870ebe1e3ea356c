/** The fleet managed from its page: models pulled, cancelled and deleted, settings changed for good, benchmarks run, ended and cut off. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, it } from "vitest";
import { BenchmarkProgressSchema, type BenchmarkRecord, BenchmarkRunSchema } from "../../worker/protocol/benchmarks.ts";
import { type Job, JobListSchema, JobStartedSchema, ModelManagementSchema } from "../../worker/protocol/jobs.ts";
import { RecommendationsSchema } from "../../worker/protocol/recommendations.ts";
import { SettingsReportSchema } from "../../worker/protocol/settings.ts";
import { Household } from "./household.ts";
import { addMachine } from "./machine.ts";
import { until } from "./until.ts";

const LLAMA = "llama3.1:8b";
const OTHER = "qwen3:8b";
const BIG = "gemma3:12b";
/** Of recordings; its answers have no end of their own. */
const ENDLESS = "endless:latest";
const EMBEDDER = "nomic-embed-text";

let folder: string;
let household: Household;

async function send(line: string, body?: unknown, { url } = household) {
	const [method = "GET", path = "/"] = line.split(" ");
	const headers = { "content-type": "application/json" };
	const response = await fetch(url + path, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
	return { status: response.status, json: (await response.json()) as Record<string, unknown> };
}

const api = (line: string, body?: unknown, from = household) => send(line.replace(" ", " /dashboard/api/"), body, from);
const jobs = async () => JobListSchema.parse((await api("GET jobs")).json).jobs;
const progress = async (of = household) => BenchmarkProgressSchema.parse((await api("GET benchmarks/progress", undefined, of)).json);
const jobThat = (what: string, is: (job: Job) => boolean) => until(what, async () => (await jobs()).find(is));
const installed = async (nodeId: string) => (await household.node(nodeId))?.ollama.models_available ?? [];

async function record(runId: unknown, of = household): Promise<BenchmarkRecord> {
	return BenchmarkRunSchema.parse((await api(`GET benchmarks/${String(runId)}`, undefined, of)).json.data);
}

/** Ended by the caller. */
async function endlessChat(): Promise<AbortController> {
	const hangUp = new AbortController();
	const body = { model: ENDLESS, messages: [{ role: "user", content: "Hello" }] };
	const response = await fetch(`${household.url}/api/chat`, { method: "POST", body: JSON.stringify(body), signal: hangUp.signal });
	await response.body?.getReader().read();
	return hangUp;
}

async function shortChat(model: string): Promise<void> {
	const body = JSON.stringify({ model, messages: [{ role: "user", content: "Hello" }], stream: false, options: { num_predict: 3 } });
	await (await fetch(`${household.url}/api/chat`, { method: "POST", body })).text();
	await household.idle();
}

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "herd-manage-"));
	household = await Household.start({ dataDir: folder });
	await addMachine(household, { nodeId: "studio", models: [LLAMA, OTHER], resident: [LLAMA], timeScale: 20 });
	await addMachine(household, { nodeId: "mini", profile: "mac-mini", models: [OTHER], resident: [OTHER], timeScale: 20 });
	await household.ready("studio", "mini");
});

afterAll(async () => {
	await household?.stop();
	await rm(folder, { recursive: true, force: true });
});

describe("a pull from the page", () => {
	it("is a job with progress, and ends at a word", async ({ expect }) => {
		const { status, json } = await api("POST pull", { node_id: "mini", model: BIG });
		const { job } = JobStartedSchema.parse(json);
		expect([status, job]).toMatchObject([200, { kind: "pull", model: BIG, by: "page", cancellable: true }]);
		await jobThat("bytes have come", ({ id, completed_bytes: bytes }) => id === job.id && bytes > 0);
		expect((await household.status()).pulls).toMatchObject([{ id: job.id, by: "page", model: BIG, node_id: "mini" }]);
		expect((await api(`DELETE jobs/${job.id}`)).json).toEqual({ ok: true, id: job.id });
		const ended = await jobThat("it has ended", ({ id, ended_at: endedAt }) => id === job.id && endedAt !== null);
		expect(ended).toMatchObject({ state: "cancelled", cancellable: false });
		expect((await household.status()).pulls).toEqual([]);
		expect(await installed("mini")).not.toContain(BIG);
	});

	it("is answered when it has ended, if that is asked for, and then the model is there", async ({ expect }) => {
		const { json } = await api("POST pull", { model: EMBEDDER, wait: true });
		const { job, node_id: nodeId } = JobStartedSchema.parse(json);
		expect(job).toMatchObject({ state: "done", node_id: nodeId });
		expect(await installed(nodeId)).toContain(`${EMBEDDER}:latest`);
	});

	it("is refused with a reason where it can't be done", async ({ expect }) => {
		expect(await api("POST pull", { node_id: "nobody", model: BIG })).toEqual({
			status: 404,
			json: { ok: false, error: "Node 'nobody' not found or offline" },
		});
		expect((await api("POST pull", { node_id: "mini" })).json).toMatchObject({
			ok: false,
			error: expect.stringContaining("model must be"),
		});
	});

	it("stands beside those of clients, with their progress", async ({ expect }) => {
		const hangUp = new AbortController();
		const body = JSON.stringify({ model: BIG, node_id: "studio" });
		await fetch(`${household.url}/api/pull`, { method: "POST", body, signal: hangUp.signal });
		const job = await jobThat("a client's pull is listed", ({ by, completed_bytes: bytes }) => by === "client" && bytes > 0);
		expect(job).toMatchObject({ model: BIG, node_id: "studio", total_bytes: expect.any(Number), cancellable: false });
		hangUp.abort();
		await until("it is listed no more", async () => (await jobs()).every(({ by }) => by !== "client"));
	});
});

describe("a deletion from the page", () => {
	it("is refused while the model answers, unless forced", async ({ expect }) => {
		const tower = await addMachine(household, {
			nodeId: "tower",
			profile: "golden",
			models: ["endless"],
			resident: ["endless"],
			timeScale: 1,
		});
		await household.ready("tower");
		const chat = await endlessChat();
		expect(await api("POST delete", { node_id: "tower", model: ENDLESS })).toEqual({
			status: 409,
			json: { ok: false, error: `model '${ENDLESS}' answers 1 request on tower now: wait, or send force` },
		});
		expect((await api("POST delete", { node_id: "tower", model: ENDLESS, force: true })).json).toMatchObject({ ok: true });
		chat.abort();
		await household.idle();
		await tower.stop();
	});

	it("takes the model from the disk of that machine alone, and the stock shows it", async ({ expect }) => {
		await shortChat(LLAMA);
		expect((await api("POST delete", { node_id: "studio", model: OTHER })).json).toMatchObject({ ok: true, node_id: "studio" });
		const { nodes } = ModelManagementSchema.parse((await api("GET model-management")).json);
		const names = Object.fromEntries(nodes.map(({ node_id: nodeId, models }) => [nodeId, models.map(({ name }) => name)]));
		expect(names.studio).not.toContain(OTHER);
		expect(names.mini).toContain(OTHER);
		const llama = nodes.find(({ node_id: nodeId }) => nodeId === "studio")?.models.find(({ name }) => name === LLAMA);
		expect(llama).toMatchObject({ loaded_in_vram: true, unused: false, days_unused: 0, busy: false });
		expect(llama?.total_requests).toBeGreaterThan(0);
	});
});

it("recommends what the machines could have", async ({ expect }) => {
	const { nodes, usage } = RecommendationsSchema.parse((await api("GET recommendations?refresh=1")).json);
	expect(nodes.map(({ node_id: nodeId }) => nodeId).toSorted()).toEqual(["mini", "studio"]);
	expect(usage.top_models.map(({ model }) => model)).toContain(LLAMA);
	expect(nodes.flatMap(({ recommendations }) => recommendations)).toContainEqual(
		expect.objectContaining({ model: LLAMA, already_available: true, priority: "high" }),
	);
});

describe("a benchmark", () => {
	it("measures every loaded model where it is, as a batch that everybody can see", async ({ expect }) => {
		const { json } = await api("POST benchmarks/start", { mode: "default", duration: 2 });
		expect(json).toMatchObject({ status: "started", mode: "default", duration: 2, model_types: ["llm"] });
		expect(await api("POST benchmarks/start", {})).toMatchObject({ status: 409, json: { progress: { run_id: json.run_id } } });
		await until("it is over", async () => (await progress()).status === "complete");
		const run = await until("it is on record", async () => {
			const found = await record(json.run_id);
			return found.status === "complete" && found;
		});
		expect(run.total_failures).toBe(0);
		expect(run.pair_results.map(({ node_id: nodeId, model }) => `${nodeId} ${model}`).toSorted()).toEqual([
			`mini ${OTHER}`,
			`studio ${LLAMA}`,
		]);
		for (const { requests, decode_tok_s: decode, prefill_tok_s: prefill, ttft_p50_ms: ttft } of run.pair_results) {
			expect(requests).toBeGreaterThan(0);
			expect([decode, prefill, ttft].every((figure) => (figure ?? 0) > 0)).toBe(true);
		}
		expect(run.fleet_snapshot?.nodes.map(({ node_id: nodeId }) => nodeId)).toEqual(expect.arrayContaining(["mini", "studio"]));
		const traces = (await household.traces(1000)).filter(({ tags }) => tags?.includes("benchmark"));
		expect(new Set(traces.map(({ class: requestClass }) => requestClass))).toEqual(new Set(["batch"]));
		expect(traces.filter(({ model }) => model === LLAMA).every(({ node_id: nodeId }) => nodeId === "studio")).toBe(true);
	});

	it("ends at a word, stays on record as cancelled, and can be held beside another", async ({ expect }) => {
		const { json } = await api("POST benchmarks/start", { duration: 600, nodes: ["studio"] });
		await until("it has measured something", async () => (await progress()).requests_completed > 0);
		expect((await api("POST benchmarks/cancel", {})).json).toEqual({ status: "cancelled" });
		await until("it is over", async () => (await progress()).status === "cancelled");
		const run = await until("it is on record", async () => {
			const found = await record(json.run_id);
			return found.status === "cancelled" && found;
		});
		expect(run.pair_results.map(({ node_id: nodeId }) => nodeId)).toEqual(["studio"]);
		expect((await api("POST benchmarks/cancel", {})).json).toEqual({ status: "not_running" });
		await household.idle();
		const [, earlier] = BenchmarkRunSchema.array().parse((await api("GET benchmarks")).json.data);
		const { json: compared } = await api(`GET benchmarks/compare?a=${earlier?.run_id}&b=${run.run_id}`);
		expect(compared.pairs).toContainEqual(expect.objectContaining({ node_id: "studio", model: LLAMA }));
	});
});

it("keeps a changed setting over a restart of the router, which ends a benchmark cleanly", async ({ expect }) => {
	await api("POST settings", { queue_max: 7 });
	const { json } = await api("POST benchmarks/start", { duration: 600, nodes: ["studio"] });
	await until("it has measured something", async () => (await progress()).requests_completed > 0);
	await household.stopRouter();
	const again = await Household.start({ dataDir: folder, port: household.port });
	try {
		expect((await send("GET /fleet/limits", undefined, again)).json.queue_max).toBe(7);
		const { settings } = SettingsReportSchema.parse((await api("GET settings", undefined, again)).json);
		expect(settings.find(({ name }) => name === "FLEET_QUEUE_MAX")).toMatchObject({ value: 7, source: "run-time" });
		expect(settings.find(({ name }) => name === "FLEET_AUTO_PULL")).toMatchObject({ value: false, source: "env" });
		expect(await record(json.run_id, again)).toMatchObject({ status: "interrupted" });
		expect(await progress(again)).toMatchObject({ status: "idle" });
	} finally {
		await again.stop();
	}
});
