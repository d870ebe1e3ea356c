/** Replays recordings against a server and sorts the outcomes. */
import { compare, type Difference, type Wire } from "./compare.ts";
import { lawfulBecause, notSimulatedBecause, SIMULATOR, type Allowances } from "./differences.ts";
import { exchange } from "./raw-client.ts";
import { readRecordings, requestBody, type Recording, type Step } from "./recording.ts";

export type Verdict =
	| { kind: "equal" }
	| { kind: "lawful"; because: string }
	| { kind: "not-simulated"; because: string }
	| { kind: "different"; differences: Difference[] };

export interface Outcome {
	name: string;
	verdict: Verdict;
}

export interface ReplayOptions {
	baseUrl: string;
	/** A folder of recordings. */
	folder: string;
	/** The name of the set, as the table of differences knows it. */
	set: string;
	/** Only cases that match. */
	only?: RegExp;
	/** What may differ; the simulated Ollama's table when absent. */
	allowances?: Allowances;
	/** Headers that something in front of the server adds. */
	addedHeaders?: RegExp;
	/** How what is tested writes its answers; exactly as Ollama when absent. */
	wire?: Wire;
	/** What a caller must show at the door. */
	authorization?: string;
}

export async function replay(options: ReplayOptions): Promise<Outcome[]> {
	const outcomes: Outcome[] = [];
	for (const recording of readRecordings(options.folder)) {
		if (options.only && !options.only.test(recording.case)) continue;
		outcomes.push({ name: recording.case, verdict: await judge(options, recording) });
	}
	return outcomes;
}

async function judge(options: ReplayOptions, recording: Recording): Promise<Verdict> {
	const { set, allowances = SIMULATOR, addedHeaders } = options;
	const absent = notSimulatedBecause(allowances, set, recording.case);
	if (absent !== undefined) return { kind: "not-simulated", because: absent };
	for (const step of recording.before) await prepare(options, step);
	const headers = [...recording.request.headers, ...Object.entries(proof(options))];
	const got = await exchange(options.baseUrl, { ...recording.request, headers, body: requestBody(recording) });
	if (addedHeaders) got.headers = got.headers.filter(([name]) => !addedHeaders.test(name));
	const differences = compare(recording, got, options.wire);
	if (differences.length === 0) return { kind: "equal" };
	const reasons = differences.map(({ aspect }) => lawfulBecause(allowances, set, recording.case, aspect));
	return reasons.every((reason) => reason !== undefined)
		? { kind: "lawful", because: [...new Set(reasons)].join("; ") }
		: { kind: "different", differences };
}

function proof({ authorization }: ReplayOptions): Record<string, string> {
	return authorization === undefined ? {} : { Authorization: authorization };
}

async function prepare(options: ReplayOptions, step: Step): Promise<void> {
	if (step === "settle") return settled(options);
	const response = await fetch(new URL(step.path, options.baseUrl), {
		method: step.method,
		headers: proof(options),
		body: JSON.stringify(step.body),
	});
	await response.text();
}

const SETTLE_TRIES = 200;

/** Until nothing is loaded any more that was told to go. */
async function settled(options: ReplayOptions): Promise<void> {
	let before = "";
	for (let tries = 0; tries < SETTLE_TRIES; tries++) {
		const now = await (await fetch(new URL("/api/ps", options.baseUrl), { headers: proof(options) })).text();
		if (now === '{"models":[]}' || (tries > 0 && now === before)) return;
		before = now;
	}
}

/** One line per count, and the differences in full. */
export function summary(set: string, outcomes: readonly Outcome[]): string {
	const count = (kind: Verdict["kind"]) => outcomes.filter(({ verdict }) => verdict.kind === kind).length;
	return `${set}: ${outcomes.length} cases, ${count("equal")} equal, ${count("lawful")} differ lawfully, ${count("not-simulated")} not simulated, ${count("different")} fail`;
}

export function describeDifferences({ name, verdict }: Outcome): string {
	if (verdict.kind !== "different") return `${name}: ${verdict.kind}`;
	return [
		name,
		...verdict.differences.map(({ aspect, recorded, got }) => `  ${aspect}\n    recorded: ${recorded}\n    got:      ${got}`),
	].join("\n");
}
