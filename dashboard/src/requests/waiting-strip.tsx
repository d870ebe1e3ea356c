import type { FleetSnapshot } from "../../../worker/protocol/fleet.ts";
import { waitingModels } from "./waiting-models.ts";
import "./requests.css";

/** Who waits for which model. Always there, so that the list below never moves when somebody starts waiting. */
export function WaitingStrip({ queues }: { queues: FleetSnapshot["queues"] }) {
	const models = waitingModels(queues);
	return (
		<section class="waiting-strip" aria-label="Waiting requests">
			<h2>Waiting</h2>
			{models.length === 0 && <span class="aside">nobody</span>}
			<ul>
				{models.map(({ model, waiting }) => (
					<li key={model}>
						<span class="waiting-count">{waiting}</span> for <span class="model-name">{model}</span>
					</li>
				))}
			</ul>
		</section>
	);
}
