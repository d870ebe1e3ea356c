/** A dry run as a table for a terminal. Pure. */
import type { CandidateReport, ExplanationReport } from "../worker/protocol/decision.ts";

/** Heading, and the cell of a candidate under it. */
const COLUMNS: readonly (readonly [heading: string, cell: (candidate: CandidateReport) => string])[] = [
	["node", ({ node_id: name }) => name],
	["model", ({ resident }) => (resident ? "loaded" : "on disk")],
	["place", ({ full }) => (full ? "busy" : "free")],
	["wait", ({ seconds }) => inSeconds(seconds.wait)],
	["load", ({ seconds }) => inSeconds(seconds.load)],
	["prefill", ({ seconds }) => inSeconds(seconds.prefill)],
	["decode", ({ seconds }) => inSeconds(seconds.decode)],
	["first token", ({ seconds }) => inSeconds(seconds.first_token)],
	["done", ({ seconds }) => inSeconds(seconds.completion)],
	["evicts", ({ evicts, seconds }) => (evicts.length > 0 ? `${evicts.join(", ")} (${inSeconds(seconds.evicted_value)})` : "-")],
	["cost", ({ seconds }) => inSeconds(seconds.cost)],
	["points", ({ points }) => String(Math.round(points.total ?? 0))],
	["measured", ({ samples }) => (samples.decode > 0 ? `${samples.decode}x` : "no: from hardware")],
];

const LEGEND = "> chosen   . so near in cost that the points decide";

export function explanationLines(explanation: ExplanationReport): string[] {
	const { candidates, against, decision } = explanation;
	return [
		...headline(explanation),
		"",
		...(candidates.length > 0 ? table(candidates, decision?.node_id) : []),
		...(candidates.filter(({ shortlisted }) => shortlisted).length > 1 ? [LEGEND] : []),
		...refusals(against, candidates.length),
	];
}

function refusals(against: ExplanationReport["against"], candidates: number): string[] {
	const all = Object.entries(against);
	if (all.length > 0 && all.every(([, reasons]) => reasons.includes("model-missing")))
		return [candidates === 0 ? "No machine has it installed." : "No other machine has it installed."];
	return all.map(([nodeId, reasons]) => `  ${nodeId}: ${reasons.map((reason) => reason.replaceAll("-", " ")).join(", ")}`);
}

function headline({
	model,
	served_as: served,
	because,
	decision,
	starts_now: startsNow,
	waiting_ahead: ahead,
}: ExplanationReport): string[] {
	const meant = because ? `${model} means ${served} here (${because.replaceAll("_", " ")}).` : undefined;
	const queue = ahead > 0 ? `${ahead} for this model wait already.` : undefined;
	const choice = decision
		? `${decision.model} would ${startsNow ? "go to" : "wait for"} ${decision.node_id} (${decision.reason}).`
		: `No machine can serve ${served} now.`;
	return [meant, choice, queue].filter((line) => line !== undefined);
}

/** The chosen one is marked; those on the shortlist, among which points decide, carry a dot. */
function table(candidates: readonly CandidateReport[], chosen: string | undefined): string[] {
	const mark = ({ node_id: name, shortlisted }: CandidateReport) => (name === chosen ? ">" : shortlisted ? "." : " ");
	const rows = [["", ...COLUMNS.map(([heading]) => heading)]];
	for (const candidate of candidates) rows.push([mark(candidate), ...COLUMNS.map(([, cell]) => cell(candidate))]);
	const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
	return rows.map((row) =>
		row
			.map((cell, column) => cell.padEnd(widths[column] ?? 0))
			.join("  ")
			.trimEnd(),
	);
}

function inSeconds(seconds: number): string {
	if (seconds === 0) return "0";
	return seconds < 10 ? `${seconds.toFixed(2)} s` : `${Math.round(seconds)} s`;
}
