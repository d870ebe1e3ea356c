import type { FleetSnapshot } from "../../../worker/protocol/fleet.ts";
import { epochMs, span } from "../format.ts";

/** Which router this is and since when it runs. */
export function Foot({ fleet, now }: { fleet: FleetSnapshot["fleet"]; now: number }) {
	const startedAt = epochMs(fleet.started_at);
	return (
		<footer class="foot">
			<span>Router {fleet.router_version}</span>
			<span title={new Date(startedAt).toLocaleString()}>up for {span(now - startedAt)}</span>
			<span>{location.host}</span>
		</footer>
	);
}
