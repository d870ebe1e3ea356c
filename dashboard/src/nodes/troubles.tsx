import type { NodeSnapshot } from "../../../worker/protocol/fleet.ts";
import { CopyLine } from "../controls/copy-line.tsx";
import { limitWords } from "./capacity-words.ts";
import { thermalWarning } from "./node-words.ts";
import { probeWords, troublesOf } from "./trouble-words.ts";

/** Why a machine takes no work, what it can't tell, and what helps. */
export function Troubles({ node, now }: { node: NodeSnapshot; now: number }) {
	const troubles = troublesOf(node, now);
	const limit = limitWords(node);
	const warm = thermalWarning(node);
	if (troubles.length === 0 && node.failed_probes.length === 0 && !warm && !limit) return null;
	return (
		<ul class="troubles">
			{troubles.map(({ what, advice, command }) => (
				<li key={what}>
					{what} {advice}
					{command && <CopyLine line={command} />}
				</li>
			))}
			{limit && <li>{limit}</li>}
			{warm && <li>It is {warm}.</li>}
			{node.failed_probes.map(({ probe, reason }) => (
				<li key={`probe ${probe}`} class="aside">
					{probeWords({ probe, reason })}
				</li>
			))}
		</ul>
	);
}
