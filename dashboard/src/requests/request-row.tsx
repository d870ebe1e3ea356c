import type { Trace } from "../../../worker/protocol/trace.ts";
import { Amount } from "../controls/amount.tsx";
import { Moment } from "../controls/moment.tsx";
import { StateMark } from "../controls/state-mark.tsx";
import { count, duration, epochMs, tokensPerSecond, UNKNOWN } from "../format.ts";
import { nodeAnchor } from "../nodes/node-grid.tsx";
import { decodeRate, STATUS } from "./trace-words.ts";

interface RequestRowProps {
	readonly trace: Trace;
	readonly open: boolean;
	readonly onToggle: (requestId: string) => void;
	readonly now: number;
}

/** One request in a line. The whole line opens it by mouse, the button in its first cell by keyboard. */
export function RequestRow({ trace, open, onToggle, now }: RequestRowProps) {
	const onRowClick = (event: MouseEvent) => {
		const onLink = event.target instanceof Element && event.target.closest("a");
		if (!onLink) onToggle(trace.request_id);
	};
	return (
		<tr role="row" class="request-row" onClick={onRowClick}>
			<td role="cell" class="col-when">
				<button type="button" class="opener" aria-expanded={open} aria-controls={`details-${trace.request_id}`}>
					<Moment at={epochMs(trace.timestamp)} now={now} />
				</button>
			</td>
			<td role="cell" class="col-model">
				<ModelNames trace={trace} />
			</td>
			<td role="cell" class="col-node">
				{trace.node_id ? <a href={`#${nodeAnchor(trace.node_id)}`}>{trace.node_id}</a> : <span class="unit">none</span>}
			</td>
			<td role="cell" class="col-status">
				<StateMark tone={STATUS[trace.status].tone} />
				{STATUS[trace.status].words}
			</td>
			<Figures trace={trace} />
			<td role="cell" class="col-app">
				{trace.tags?.join(", ")}
			</td>
		</tr>
	);
}

function ModelNames({ trace }: { trace: Trace }) {
	if (trace.original_model === "") return <span class="unit">none named</span>;
	if (trace.model === trace.original_model || trace.model === "") return <span title={trace.original_model}>{trace.original_model}</span>;
	return (
		<span title={`asked ${trace.original_model}, served ${trace.model}`}>
			{trace.original_model} <span class="unit">→</span> {trace.model}
		</span>
	);
}

function Figures({ trace }: { trace: Trace }) {
	return (
		<>
			<td role="cell" class="col-wait">
				<Amount of={trace.queue_ms < 1 ? UNKNOWN : duration(trace.queue_ms)} />
			</td>
			<td role="cell" class="col-first">
				<Amount of={duration(trace.time_to_first_token_ms)} />
			</td>
			<td role="cell" class="col-total">
				<Amount of={duration(trace.latency_ms)} />
			</td>
			<td role="cell" class="col-tokens">
				<Amount of={count(trace.prompt_tokens)} />
			</td>
			<td role="cell" class="col-tokens">
				<Amount of={count(trace.completion_tokens)} />
			</td>
			<td role="cell" class="col-rate">
				<Amount of={tokensPerSecond(decodeRate(trace))} />
			</td>
			<td role="cell" class="col-retries">
				<Amount of={trace.retry_count > 0 ? count(trace.retry_count) : UNKNOWN} />
			</td>
		</>
	);
}
