import type { NodeSnapshot } from "../../../worker/protocol/fleet.ts";
import { NodeCard } from "./node-card.tsx";
import { inPlace } from "./node-words.ts";
import { PendingCard } from "./pending-card.tsx";
import "./nodes.css";

/** All machines, each in its own fixed place. */
export function NodeGrid({ nodes, now }: { nodes: readonly NodeSnapshot[]; now: number }) {
	return (
		<ul class="node-grid">
			{inPlace(nodes).map((node) => (
				<li key={node.node_id} id={nodeAnchor(node.node_id)}>
					{node.status === "pending" ? <PendingCard node={node} /> : <NodeCard node={node} now={now} />}
				</li>
			))}
		</ul>
	);
}

/** Where a machine's name elsewhere on the page leads. */
export function nodeAnchor(nodeId: string): string {
	return `node-${encodeURIComponent(nodeId)}`;
}
