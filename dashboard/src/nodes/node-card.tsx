import type { NodeSnapshot } from "../../../worker/protocol/fleet.ts";
import { counted } from "../format.ts";
import { JoinLine } from "./no-nodes.tsx";
import { NodeGauges } from "./node-gauges.tsx";
import { NodeHead } from "./node-head.tsx";
import { OwnerWeek } from "./owner-week.tsx";
import { isPresent } from "./node-words.ts";
import { OnDisk, ResidentModels } from "./resident-models.tsx";
import { Troubles } from "./troubles.tsx";

/** One machine. Of a machine that is away only what is still true is shown. */
export function NodeCard({ node, now }: { node: NodeSnapshot; now: number }) {
	return (
		<article class={`node-card status-${node.status}`}>
			<NodeHead node={node} />
			{isPresent(node) ? <Present node={node} now={now} /> : <Away />}
			<footer class="node-foot">
				<OnDisk node={node} />
				<span class="aside" title={softwareWords(node)}>
					{counted(node.ollama.num_parallel, "place")} per model
				</span>
			</footer>
		</article>
	);
}

function Present({ node, now }: { node: NodeSnapshot; now: number }) {
	return (
		<>
			<Troubles node={node} now={now} />
			<NodeGauges node={node} />
			<ResidentModels node={node} now={now} />
			<OwnerWeek node={node} />
		</>
	);
}

function Away() {
	return (
		<div class="away">
			<p>Is it switched on and awake? If so, start its agent there:</p>
			<JoinLine />
		</div>
	);
}

function softwareWords({ os, ollama, agent_version }: NodeSnapshot): string {
	return [os, ollama.version ? `Ollama ${ollama.version}` : "", `agent ${agent_version}`].filter((part) => part !== "").join(" · ");
}
