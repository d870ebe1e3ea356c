/** The same rule told the truth: rates, lengths of answers, caches, memory. Greedy still, so not a bound. */
import { emptyEstimates, type Estimates, openPair } from "../../../../worker/routing/estimate/estimates.ts";
import { outputKey } from "../../../../worker/routing/estimate/output.ts";
import type { KnownPrefixes } from "../../../../worker/routing/rule/knowledge.ts";
import type { PrefixIndex } from "../../../../worker/routing/rule/prefix-index.ts";
import type { PrefixMark } from "../../../../worker/protocol/inference.ts";
import { loadS, prefillRate, tokenS } from "../catalogue/pace.ts";
import type { Arrival, PolicyMaker, Shell } from "../engine/policy.ts";
import { fullShare } from "../offered-load.ts";
import { marksOf } from "./marks.ts";
import { residentOf } from "./node-view.ts";
import { rule, type Truth } from "./rule.ts";

/** Decode slows with what is in the cache; the rate is that of a usual conversation. */
const USUAL_CONTEXT_TOKENS = 2000;

/** The study's oracle has it so: two requests on a node, whatever their class. */
const EXTRA_BUSY = { interactive: 1, agent: 1, batch: 1 };

export function oracle(): PolicyMaker {
	return rule({ extraBusy: EXTRA_BUSY }, (shell) => {
		const estimates = trueRates(shell);
		const prefixes = new TruePrefixes(shell);
		const appOf = (arrival: Arrival) => {
			prefixes.note(arrival);
			const app = `request ${arrival.id}`;
			estimates.outputs[outputKey(app, arrival.session.model.name)] = { value: Math.max(1, arrival.outputTokens), samples: 1 };
			return app;
		};
		return { estimates, prefixes: (index) => prefixes.beside(index), appOf, refresh: refresher(shell) };
	});
}

function trueRates({ nodes }: Shell): Estimates {
	const estimates = emptyEstimates();
	for (const { id, machine, models } of nodes) {
		for (const model of models) {
			const share = fullShare(machine, model);
			Object.assign(openPair(estimates, id, model.name), {
				decodeTokensPerSecond: { value: 1 / tokenS(machine, model, share, USUAL_CONTEXT_TOKENS), samples: 1 },
				prefillTokensPerSecond: { value: prefillRate(machine, model, share), samples: 1 },
				loadS: { value: loadS(machine, model), samples: 1 },
			});
		}
	}
	return estimates;
}

/** Memory as it is now, not as of the last beat. */
function refresher(shell: Shell): Truth["refresh"] {
	return (nodes) => {
		for (const [nodeId, { resident }] of nodes) {
			resident.clear();
			for (const { model, bytes } of shell.machine(nodeId).runners.values()) resident.set(model.name, residentOf(model, bytes));
		}
	};
}

/** Looks into the machines' caches. */
class TruePrefixes {
	readonly #shell: Shell;
	/** By the hash of the whole prompt. */
	readonly #arrivals = new Map<string, Arrival>();

	constructor(shell: Shell) {
		this.#shell = shell;
	}

	note(arrival: Arrival): void {
		this.#arrivals.set(marksOf(arrival).at(-1)?.hash ?? "", arrival);
	}

	beside(index: PrefixIndex): KnownPrefixes {
		return {
			known: (model, marks) => this.#known(model, marks),
			conversations: (nodeId, model) => index.conversations(nodeId, model),
		};
	}

	#known(model: string, marks: readonly PrefixMark[]): Map<string, number> {
		const known = new Map<string, number>();
		const arrival = this.#arrivals.get(marks.at(-1)?.hash ?? "");
		for (const { id } of arrival ? this.#shell.nodes : []) {
			const memory = this.#shell.machine(id).runners.get(model)?.memory;
			if (arrival && memory) known.set(id, memory.cachedTokens(arrival.session, arrival.promptTokens));
		}
		return known;
	}
}
