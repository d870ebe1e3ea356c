import type { NodeSnapshot } from "../../../worker/protocol/fleet.ts";
import { StateMark } from "../controls/state-mark.tsx";
import { hardwareWords, nodeState } from "./node-words.ts";

/** A machine's name, what it is, and its state in words. */
export function NodeHead({ node }: { node: NodeSnapshot }) {
	const { tone, words } = nodeState(node);
	const hardware = hardwareWords(node);
	return (
		<header class="node-head">
			<h3 title={node.node_id}>{node.node_id}</h3>
			<span class="hardware" title={hardware}>
				{hardware}
			</span>
			<p class={`state tone-${tone}`}>
				<StateMark tone={tone} />
				{words}
			</p>
		</header>
	);
}
