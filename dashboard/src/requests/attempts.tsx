import type { Trace } from "../../../worker/protocol/trace.ts";
import { Amount } from "../controls/amount.tsx";
import { duration } from "../format.ts";
import { attemptWords } from "./trace-words.ts";

/** Every machine that was tried, in order. */
export function Attempts({ trace }: { trace: Trace }) {
	if (trace.attempts.length === 0) return <p class="aside">It was sent to no machine.</p>;
	return (
		<ol class="attempts">
			{trace.attempts.map((attempt, index) => (
				<li key={index}>
					<span class="attempt-node">{attempt.node_id}</span> {attemptWords(attempt)} <span class="unit">after</span>{" "}
					<Amount of={duration(attempt.duration_ms)} />
					{attempt.error && <span class="attempt-error">{attempt.error}</span>}
				</li>
			))}
		</ol>
	);
}
