import { readTraces } from "./api.ts";
import { lostWords } from "./frame/link-words.ts";
import { NoNodes } from "./nodes/no-nodes.tsx";
import { NodeGrid } from "./nodes/node-grid.tsx";
import { PullList } from "./pulls/pull-list.tsx";
import { RequestsSection } from "./requests/requests-section.tsx";
import { WaitingStrip } from "./requests/waiting-strip.tsx";
import { usePolled } from "./polling.ts";
import type { TabProps } from "./tabs/tab.ts";

const EVERY_MS = 2000;

/** The first page: machines, who waits, what was answered. */
export function Overview({ fleet, now }: TabProps) {
	const traces = usePolled(readTraces, EVERY_MS);
	const tracesLost = lostWords(traces.failure, traces.goodAt, now);
	return (
		<>
			<section aria-labelledby="machines">
				<h2 id="machines">Machines</h2>
				{fleet.nodes.length > 0 ? <NodeGrid nodes={fleet.nodes} now={now} /> : <NoNodes />}
			</section>
			<PullList pulls={fleet.pulls} />
			<WaitingStrip queues={fleet.queues} />
			<RequestsSection traces={traces.data} trouble={tracesLost} nodes={fleet.nodes} now={now} />
		</>
	);
}
