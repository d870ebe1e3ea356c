import { useCallback, useState } from "preact/hooks";
import { readCapacity } from "../api.ts";
import { percent, inWords } from "../format.ts";
import { usePolled } from "../polling.ts";
import { CapacityMap } from "./capacity-map.tsx";
import type { NodeSnapshot } from "../../../worker/protocol/fleet.ts";

const READ_EVERY_MS = 60_000;

/** When a machine usually is its owner's, asked for when somebody wants to see it. Nothing for a machine that does not learn. */
export function OwnerWeek({ node: { node_id: nodeId, capacity } }: { node: NodeSnapshot }) {
	const [isOpen, setOpen] = useState(false);
	if (!capacity?.is_learning) return null;
	return (
		<details class="owner-week" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
			<summary>
				Its owner's week, known to {inWords(percent(capacity.learning_confidence * 100))} after {capacity.days_observed} d
			</summary>
			{isOpen && <Week nodeId={nodeId} />}
		</details>
	);
}

function Week({ nodeId }: { nodeId: string }) {
	const read = useCallback((signal: AbortSignal) => readCapacity(nodeId, signal), [nodeId]);
	const { data, failure } = usePolled(read, READ_EVERY_MS);
	if (data?.week) return <CapacityMap week={data.week} />;
	return <p class="aside">{data || !failure ? "Its agent has not told it yet." : "The router does not tell it now."}</p>;
}
