/** ollama-herd 0.6.1 as documented: the best score at arrival, bound to the node at once, the runner-up warmed from three on. */
import { LatencyHistory } from "../../../../worker/fleet/latency.ts";
import { medianBandwidth } from "../../../../worker/routing/median-bandwidth.ts";
import type { ModelSpec } from "../catalogue/models.ts";
import type { Counters } from "../engine/job.ts";
import type { Arrival, Beat, Policy, PolicyMaker, Shell } from "../engine/policy.ts";
import { herdScore, sizeGbOf } from "./herd-score.ts";
import { applyBeat, changeInFlight, newView, type SimView } from "./node-view.ts";

const PRE_WARM_AT = 3;
const GB = 1e9;

/** `wholeNode`: depth counts everything on a node, where 0.6.1 counts only the same model. */
export function herd({ wholeNode }: { wholeNode: boolean }): PolicyMaker {
	return (shell) => new HerdPolicy(shell, wholeNode);
}

class HerdPolicy implements Policy {
	readonly #shell: Shell;
	readonly #wholeNode: boolean;
	readonly #views = new Map<string, SimView>();
	readonly #models = new Map<string, ModelSpec>();
	readonly #latencies = new LatencyHistory();
	/** Being warmed: node and model. */
	readonly #warming = new Set<string>();
	readonly #median: number | undefined;

	constructor(shell: Shell, wholeNode: boolean) {
		this.#shell = shell;
		this.#wholeNode = wholeNode;
		for (const node of shell.nodes) {
			this.#views.set(node.id, newView(node, shell.parallel));
			for (const model of node.models) this.#models.set(model.name, model);
		}
		this.#median = medianBandwidth([...this.#views.values()]);
	}

	arrived(arrival: Arrival, now: number): void {
		const [best] = this.#ranked(arrival.session.model.name, arrival.promptTokens, now);
		if (!best) return;
		changeInFlight(best, arrival.session.model.name, 1);
		this.#shell.send(arrival, best.nodeId);
	}

	firstToken(): void {}

	finished({ session: { model } }: Arrival, nodeId: string, { counters }: { counters: Counters }): void {
		const view = this.#view(nodeId);
		changeInFlight(view, model.name, -1);
		view.latencyP75Ms.set(model.name, this.#latencies.add(nodeId, model.name, counters.totalMs));
	}

	beat(beat: Beat, now: number): void {
		applyBeat(this.#view(beat.nodeId), beat, now);
	}

	lost(nodeId: string, arrivals: readonly Arrival[], now: number): void {
		const view = this.#view(nodeId);
		view.status = "offline";
		view.resident.clear();
		view.inFlight.clear();
		for (const arrival of arrivals) this.arrived(arrival, now);
	}

	tick(now: number): void {
		for (const { inFlight } of this.#views.values()) {
			for (const [model, count] of inFlight) if (count >= PRE_WARM_AT) this.#preWarm(model, now);
		}
	}

	#preWarm(model: string, now: number): void {
		const second = this.#ranked(model, 0, now)[1];
		const spec = this.#models.get(model);
		const key = `${second?.nodeId} ${model}`;
		if (!second || !spec || second.resident.has(model) || this.#warming.has(key)) return;
		this.#warming.add(key);
		this.#shell.warm(second.nodeId, spec, () => this.#warming.delete(key));
	}

	/** The best first; equal ones in the order they joined. */
	#ranked(model: string, promptTokens: number, now: number): SimView[] {
		const loadedBytes = [...this.#views.values()].find(({ resident }) => resident.has(model))?.resident.get(model)?.size;
		return this.#eligible(model, loadedBytes)
			.map((view) => {
				const context = {
					nowMs: now * 1000,
					promptTokens,
					medianBandwidthGbps: this.#median,
					loadedBytes,
					depth: this.#depth(view, model),
				};
				return { view, score: herdScore(view, model, context) };
			})
			.sort((a, b) => b.score - a.score)
			.map(({ view }) => view);
	}

	/** Memory rules nodes out only while others are left. */
	#eligible(model: string, loadedBytes: number | undefined): SimView[] {
		const having = [...this.#views.values()].filter(({ status, installed }) => status !== "offline" && installed.has(model));
		const fitting = having.filter(
			(view) => view.resident.has(model) || view.beat.memory.available_bytes >= sizeGbOf(view, model, loadedBytes) * GB,
		);
		return fitting.length > 0 ? fitting : having;
	}

	#depth({ inFlight }: SimView, model: string): number {
		if (!this.#wholeNode) return inFlight.get(model) ?? 0;
		return [...inFlight.values()].reduce((sum, count) => sum + count, 0);
	}

	#view(nodeId: string): SimView {
		const view = this.#views.get(nodeId);
		if (!view) throw new Error(`No node is called "${nodeId}"`);
		return view;
	}
}
