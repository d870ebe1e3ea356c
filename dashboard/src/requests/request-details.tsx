import type { Trace } from "../../../worker/protocol/trace.ts";
import { Attempts } from "./attempts.tsx";
import { PhaseBar } from "./phase-bar.tsx";
import { RequestFacts } from "./request-facts.tsx";
import { ScoreBars } from "./score-bars.tsx";
import { whyWords } from "./trace-words.ts";
import "./details.css";

/** Why a request went as it did. */
export function RequestDetails({ trace }: { trace: Trace }) {
	return (
		<div class="details">
			{trace.error_message && <p class="error-message">{trace.error_message}</p>}
			<PhaseBar trace={trace} />
			<div class="details-columns">
				<WhyThisMachine trace={trace} />
				<section>
					<h4>Attempts</h4>
					<Attempts trace={trace} />
				</section>
				<section>
					<h4>Request</h4>
					<RequestFacts trace={trace} />
				</section>
			</div>
		</div>
	);
}

function WhyThisMachine({ trace }: { trace: Trace }) {
	return (
		<section>
			<h4>{trace.node_id ? `Why ${trace.node_id}` : "Why no machine"}</h4>
			<p>{whyWords(trace)}</p>
			{trace.scores_breakdown && <ScoreBars breakdown={trace.scores_breakdown} total={trace.score} />}
		</section>
	);
}
