import type { FleetSnapshot } from "../../worker/protocol/fleet.ts";
import type { Trace } from "../../worker/protocol/trace.ts";
import { NoNodes } from "./nodes/no-nodes.tsx";
import { NodeGrid } from "./nodes/node-grid.tsx";
import { PullList } from "./pulls/pull-list.tsx";
import { RequestsSection } from "./requests/requests-section.tsx";
import { WaitingStrip } from "./requests/waiting-strip.tsx";

interface OverviewProps {
	readonly fleet: FleetSnapshot;
	readonly traces: readonly Trace[] | undefined;
	/** Why the requests are not fresh, while the machines are. */
	readonly tracesLost: string | undefined;
	readonly now: number;
}

/** The first page: machines, who waits, what was answered. */
export function Overview({ fleet, traces, tracesLost, now }: OverviewProps) {
	return (
		<>
			<section aria-labelledby="machines">
				<h2 id="machines">Machines</h2>
				{fleet.nodes.length > 0 ? <NodeGrid nodes={fleet.nodes} now={now} /> : <NoNodes />}
			</section>
			<PullList pulls={fleet.pulls} />
			<WaitingStrip queues={fleet.queues} />
			<RequestsSection traces={traces} trouble={tracesLost} nodes={fleet.nodes} now={now} />
		</>
	);
}
