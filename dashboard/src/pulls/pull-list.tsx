import type { FleetSnapshot } from "../../../worker/protocol/fleet.ts";
import { Gauge } from "../controls/gauge.tsx";
import { pulledRatio, pullWords } from "./pull-words.ts";
import "./pulls.css";

/** Models that are being fetched for whoever asked for them; not there while there are none. */
export function PullList({ pulls }: Pick<FleetSnapshot, "pulls">) {
	if (pulls.length === 0) return null;
	return (
		<section class="pull-list" aria-labelledby="pulls">
			<h2 id="pulls">Pulling</h2>
			<ul>
				{pulls.map((pull) => (
					<li key={pull.id}>
						<Gauge label={pull.model} filled={pulledRatio(pull)} strained={pull.error !== undefined}>
							{pullWords(pull)}
						</Gauge>
					</li>
				))}
			</ul>
		</section>
	);
}
