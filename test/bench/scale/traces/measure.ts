/** What the page's questions cost with millions of traces on file, while streams run. */
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { startRouter, type Router } from "../../../../local/router.ts";
import { addMachineTo } from "../../../journeys/herd-machine.ts";
import { percentile } from "../../overhead/statistics.ts";
import { Draws } from "../../routing/draws.ts";
import { drawTrace } from "./draw-trace.ts";
import { fill } from "./fill.ts";
import { Streams } from "./streams.ts";

const MODEL = "slow";
/** Of the simulated model's 60 ms a token: 20 ms. */
const TIME_SCALE = 3;
const STREAMS = 16;
const ASKED_TIMES = 7;
const QUIET_MS = 8_000;
/** What one question counts at most. */
const NEW_PAGES = 3;
const NEW_ROWS = 1_000;

const QUESTIONS: Record<string, string> = {
	overview: "overview",
	"trends, 3 days": "trends",
	"trends, 30 days": "trends?hours=720",
	"trends of a model, 30 days": "trends?hours=720&model=model-0:1b",
	"models, 7 days": "models",
	"models, 90 days": "models?days=90",
	"usage, 7 days": "usage",
	"usage, 90 days": "usage?days=90",
	"apps, 7 days": "apps",
	"apps, 90 days": "apps?days=90",
	"apps daily, 90 days": "apps/daily?days=90",
	"context usage, 7 days": "context-usage",
	"newest 50 traces": "traces",
	"traces of a model": "traces?model=model-3:4b",
	"failed traces of a node": "traces?status=failed&node_id=node-7",
	"traces of an app": "traces?app=app-29",
	"three filters, rare": "traces?app=app-29&status=no_output&node_id=node-7",
};

export interface TraceFigures {
	readonly rows: number;
	readonly fileMb: number;
	readonly fillS: number;
	/** Milliseconds from question to the end of the answer, over HTTP while the streams run. */
	readonly questions: Record<string, { medianMs: number; mostMs: number; answerKb: number }>;
	/** Milliseconds that a thousand new rows take to be counted. */
	readonly countingMs: number;
	/** Milliseconds between two chunks of a stream: with nobody asking, with all questions one after another, while rows are counted. */
	readonly gaps: { readonly quiet: Gaps; readonly asked: Gaps; readonly counting: Gaps };
}

interface Gaps {
	readonly p50: number;
	readonly p99: number;
	readonly most: number;
}

export async function measureTraces(rows: number, { seed, say }: { seed: number; say: (line: string) => void }): Promise<TraceFigures> {
	const folder = await mkdtemp(join(tmpdir(), "herd-traces-"));
	const start = () =>
		startRouter({ host: "127.0.0.1", port: 0, dataDir: folder, variables: { FLEET_AUTO_PULL: "false" }, say: () => undefined });
	try {
		// Makes the tables
		await (await start()).stop();
		const startedAt = performance.now();
		await fill(join(folder, "latency.db"), { rows, seed, until: Date.now() / 1000, say });
		const fillS = (performance.now() - startedAt) / 1000;
		const fileMb = (await stat(join(folder, "latency.db"))).size / 1e6;
		const router = await start();
		try {
			return { rows, fileMb, fillS, ...(await askAround(router, { folder, rows })) };
		} finally {
			await router.stop();
		}
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

type Asked = Pick<TraceFigures, "questions" | "gaps" | "countingMs">;

async function askAround(router: Router, { folder, rows }: { folder: string; rows: number }): Promise<Asked> {
	const url = `http://127.0.0.1:${router.port}`;
	const machine = {
		nodeId: "bench",
		profile: "golden",
		models: [MODEL],
		resident: [MODEL],
		timeScale: TIME_SCALE,
		numParallel: STREAMS,
	} as const;
	const added = await addMachineTo({ url, folder }, { ...machine, token: router.joinToken });
	const streams = new Streams(url, MODEL, STREAMS);
	try {
		await pause(QUIET_MS / 4);
		streams.takeGaps();
		await pause(QUIET_MS);
		const quiet = gapsOf(streams.takeGaps());
		const questions: TraceFigures["questions"] = {};
		for (const [name, path] of Object.entries(QUESTIONS)) questions[name] = await timed(`${url}/dashboard/api/${path}`);
		const asked = gapsOf(streams.takeGaps());
		await bringNew(router, rows);
		streams.takeGaps();
		const counted = await timed(`${url}/dashboard/api/overview`, 1);
		const counting = gapsOf(streams.takeGaps());
		return { questions, countingMs: counted.medianMs / NEW_PAGES, gaps: { quiet, asked, counting } };
	} finally {
		await streams.stop();
		await added.stop();
	}
}

/** Rows of the last seconds, by the way that imports take: they are there, and not counted. */
async function bringNew(router: Router, rows: number): Promise<void> {
	const draws = new Draws(rows);
	const headers = { authorization: `Bearer ${router.adminKey}`, "content-type": "application/json" };
	for (let page = 0; page < NEW_PAGES; page++) {
		const first = rows + page * NEW_ROWS;
		const traces = Array.from({ length: NEW_ROWS }, (_, index) => drawTrace(draws, first + index, Date.now() / 1000));
		const body = JSON.stringify({ name: "bench", rows: traces, state: { through: 0, taken: 0, skipped: 0, finished: false } });
		const response = await fetch(`http://127.0.0.1:${router.port}/fleet/imports`, { method: "POST", headers, body });
		if (!response.ok) throw new Error(`New rows were refused: ${await response.text()}`);
	}
}

async function timed(url: string, repeats = ASKED_TIMES): Promise<TraceFigures["questions"][string]> {
	const times: number[] = [];
	let answerKb = 0;
	for (let time = 0; time < repeats; time++) {
		const startedAt = performance.now();
		const response = await fetch(url);
		const text = await response.text();
		if (!response.ok) throw new Error(`${url} answered ${response.status}: ${text.slice(0, 200)}`);
		times.push(performance.now() - startedAt);
		answerKb = text.length / 1000;
	}
	return { medianMs: percentile(times, 0.5) ?? NaN, mostMs: Math.max(...times), answerKb };
}

function gapsOf(gaps: readonly number[]): Gaps {
	return {
		p50: percentile(gaps, 0.5) ?? NaN,
		p99: percentile(gaps, 0.99) ?? NaN,
		most: gaps.reduce((most, gap) => Math.max(most, gap), 0),
	};
}
