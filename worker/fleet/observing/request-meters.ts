/** What finished requests add up to, for `/metrics`. Each costs some additions, nothing more. Names: reference/field.md 6c. */
import { Counter } from "../../metrics/counter.ts";
import type { Family } from "../../metrics/family.ts";
import { Histogram } from "../../metrics/histogram.ts";
import { LabelCap } from "../../metrics/label-cap.ts";
import type { Trace } from "../../protocol/trace.ts";
import type { Lease } from "../state.ts";
import { loadOf } from "./load-of.ts";

/** Models with series of their own. */
const MOST_MODELS = 50;
const SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 40, 80, 160, 320, 640];
const TOKEN_SECONDS = [0.005, 0.01, 0.02, 0.03, 0.04, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 1];
const ERROR_SECONDS = [0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 120];

const perModel = { label: "model", bounds: SECONDS };

export class RequestMeters {
	readonly #models = new LabelCap(MOST_MODELS);
	readonly #requests = new Counter("herd_requests_total", "Requests that ended, by outcome", ["model", "node", "class", "outcome"]);
	readonly #firstToken = new Histogram("herd_time_to_first_token_seconds", "From arrival to the first token, waiting included", perModel);
	readonly #interToken = new Histogram("herd_inter_token_latency_seconds", "Between two tokens, the mean of each answer", {
		label: "model",
		bounds: TOKEN_SECONDS,
	});
	readonly #latency = new Histogram("herd_e2e_request_latency_seconds", "From arrival to the last byte of completed requests", perModel);
	readonly #queue = new Histogram("herd_request_queue_time_seconds", "Waiting for a place, over all tries", perModel);
	readonly #promptTokens = new Counter("herd_prompt_tokens_total", "Prompt tokens as Ollama counted them", ["model", "node"]);
	readonly #outputTokens = new Counter("herd_generation_tokens_total", "Tokens written", ["model", "node"]);
	readonly #known = new Counter("herd_prefix_cache_hit_tokens_total", "Prompt tokens that the node was believed to have read before", [
		"model",
		"node",
	]);
	readonly #loads = new Counter("herd_model_loads_total", "Loads that requests waited for, by why the node was chosen", [
		"node",
		"model",
		"reason",
	]);
	readonly #loadSeconds = new Histogram("herd_model_load_seconds", "How long those loads took", perModel);
	readonly #decisions = new Counter("herd_dispatch_decisions_total", "Places taken, by why the node was chosen", ["reason"]);
	readonly #retries = new Counter("herd_retries_total", "Tries that failed, by what failed", ["reason"]);
	readonly #predictionError = new Histogram("herd_prediction_error_seconds", "Expected beside actual time, as a distance", {
		label: "term",
		bounds: ERROR_SECONDS,
	});

	/** `lease` is the one the request gave back just now. */
	finished(trace: Trace, lease: Lease | undefined): void {
		const model = this.#modelOf(trace);
		const node = trace.node_id || "none";
		this.#requests.add([model, node, trace.class, trace.status]);
		for (const { failure } of trace.attempts) if (failure !== undefined) this.#retries.add([failure]);
		this.#queue.observe(model, trace.queue_ms / 1000);
		if (trace.time_to_first_token_ms !== null) this.#firstToken.observe(model, trace.time_to_first_token_ms / 1000);
		if (trace.status === "completed" && trace.latency_ms !== null) this.#latency.observe(model, trace.latency_ms / 1000);
		this.#countTokens(trace, [model, node]);
		if (lease) this.#countChoice(trace, lease, [model, node]);
	}

	families(): Family[] {
		const counters = [this.#requests, this.#retries, this.#promptTokens, this.#outputTokens, this.#known, this.#loads, this.#decisions];
		const histograms = [this.#queue, this.#firstToken, this.#interToken, this.#latency, this.#loadSeconds, this.#predictionError];
		return [...counters, ...histograms].map((one) => one.family());
	}

	/** A name that no node was tried with may be anything a client made up. */
	#modelOf({ model, node_id: nodeId }: Trace): string {
		return nodeId !== "" || this.#models.has(model) ? this.#models.of(model) : "unknown";
	}

	#countTokens({ prompt_tokens: prompt, completion_tokens: output, decode_ms: decodeMs }: Trace, labels: readonly [string, string]): void {
		if (prompt !== null) this.#promptTokens.add(labels, prompt);
		if (output !== null) this.#outputTokens.add(labels, output);
		if (output && output > 1 && decodeMs !== null) this.#interToken.observe(labels[0], decodeMs / 1000 / output);
	}

	#countChoice(trace: Trace, { decision }: Lease, [model, node]: readonly [string, string]): void {
		this.#decisions.add([decision.reason]);
		if (decision.terms.knownTokens > 0) this.#known.add([model, node], decision.terms.knownTokens);
		const load = loadOf(trace, decision);
		if (load) {
			this.#loads.add([node, model, load.isAnew ? "reload" : decision.reason]);
			this.#loadSeconds.observe(model, load.ms / 1000);
		}
		if (trace.status === "completed") this.#compare(trace, decision.terms);
	}

	#compare({ time_to_first_token_ms: firstMs, latency_ms: wholeMs, queue_ms: queueMs }: Trace, terms: Lease["decision"]["terms"]): void {
		const distance = (ms: number, expectedS: number) => Math.abs((ms - queueMs) / 1000 - (expectedS - terms.waitS));
		if (firstMs !== null) this.#predictionError.observe("first_token", distance(firstMs, terms.ttftS));
		if (wholeMs !== null) this.#predictionError.observe("completion", distance(wholeMs, terms.totalS));
	}
}
