/** A machine writes more slowly than it used to, with nothing else to do. */
import { type Check } from "../check.ts";
import type { HealthFacts, SpeedFacts } from "../facts.ts";
import { median } from "../readings.ts";

const RECENT_MS = 15 * 60_000;
const FEWEST = 5;
const FEWEST_BEFORE = 20;
const SLOW_RATIO = 0.6;

export const decodeDegraded: Check = {
	id: "decode_degraded",
	firesAfterMs: 0,
	clearsAfterMs: 60_000,
	find: (facts) => facts.speeds.flatMap((speed) => slowNow(facts, speed)),
};

function slowNow({ recent, now, nodes }: HealthFacts, { nodeId, model, usualTokensPerSecond: usual, samples }: SpeedFacts) {
	const speeds = recent
		.filter((request) => request.nodeId === nodeId && request.model === model && now - request.at < RECENT_MS)
		.flatMap(({ tokensPerSecond }) => tokensPerSecond ?? []);
	const nowaday = median(speeds);
	if (speeds.length < FEWEST || samples < FEWEST_BEFORE || nowaday >= SLOW_RATIO * usual) return [];
	const thermal = nodes.find((node) => node.nodeId === nodeId)?.beat.thermal.state;
	return [
		{
			severity: "warning" as const,
			title: `${nodeId} has become slow with ${model}`,
			description: `It wrote ${nowaday.toFixed(1)} tokens a second lately (${speeds.length} requests, each alone there), usually ${usual.toFixed(1)}.`,
			fix:
				thermal === "warning" || thermal === "critical"
					? "It is hot: see to its cooling."
					: "Look for other work on the machine (a game, a backup, power saving), and whether the model still lies wholly in graphics memory (`ollama ps`).",
			nodeId,
			about: model,
			data: { model, tokens_per_second: nowaday, usual_tokens_per_second: usual },
		},
	];
}
