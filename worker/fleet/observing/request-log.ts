/** One line per finished request, for the log file: written some at a time, since every line to the host costs workerd a call. */
import { logEach } from "../../log.ts";
import type { Trace } from "../../protocol/trace.ts";

const MOST_AT_ONCE = 200;

export class RequestLog {
	#lines: Record<string, unknown>[] = [];

	/** `traceId` is the client's own, of W3C trace context. */
	add(trace: Trace, traceId: string | undefined): void {
		this.#lines.push(lineOf(trace, traceId));
		if (this.#lines.length >= MOST_AT_ONCE) this.flush();
	}

	flush(): void {
		if (this.#lines.length === 0) return;
		logEach("info", "Request", this.#lines);
		this.#lines = [];
	}
}

/** Names, numbers and outcomes: never a word of a prompt or an answer. */
function lineOf(trace: Trace, traceId: string | undefined): Record<string, unknown> {
	return {
		request_id: trace.request_id,
		model: trace.model,
		node_id: trace.node_id,
		status: trace.status,
		latency_ms: trace.latency_ms,
		ttft_ms: trace.time_to_first_token_ms,
		queue_ms: trace.queue_ms,
		prompt_tokens: trace.prompt_tokens,
		completion_tokens: trace.completion_tokens,
		retries: trace.retry_count,
		class: trace.class,
		endpoint: trace.endpoint,
		finished_at: trace.timestamp,
		...(traceId !== undefined && { trace_id: traceId }),
	};
}
