/** The fleet in a few sentences: facts only. Pure. */
import type { Demand } from "../catalogue/recommend/facts.ts";
import type { Briefing } from "../protocol/briefing.ts";
import type { FleetSnapshot, NodeSnapshot } from "../protocol/fleet.ts";
import { type NodeReason, REASON_TEXT } from "../routing/eligibility.ts";

/** The state is new each time; what is asked for is counted again after so long. */
const REFRESH_S = 300;
const FULL_DISK_RATIO = 0.1;

/** `now` is epoch milliseconds. */
export function briefingOf(fleet: FleetSnapshot, demand: Demand, now: number): Briefing {
	const sentences = [machines(fleet), requests(fleet, demand), ...fleet.nodes.flatMap(troubles)];
	return {
		enabled: true,
		briefing: sentences.map((one) => `${one}.`).join(" "),
		model: "static",
		generated_at: now / 1000,
		next_refresh_s: REFRESH_S,
		cached: false,
	};
}

function machines({ fleet: { nodes_total: total, nodes_online: online, models_loaded: loaded } }: FleetSnapshot): string {
	if (total === 0) return "No machine has joined this fleet yet";
	return `${online} of ${counted(total, "machine")} ${online === 1 ? "is" : "are"} online with ${counted(loaded, "model")} in memory`;
}

function requests(
	{ fleet: { requests_active: active, requests_waiting: waiting } }: FleetSnapshot,
	{ totalRequests, models }: Demand,
): string {
	const [first] = models;
	const most = first ? `, most for ${first.model} (${first.requests})` : "";
	return `${counted(totalRequests, "request")} in the last day${most}; ${active} run now and ${waiting} wait`;
}

function troubles({ node_id: nodeId, blocked_by: blocked, disk, breakers, memory }: NodeSnapshot): string[] {
	const found = blocked.map((reason) => `${nodeId} ${REASON_TEXT[reason as NodeReason] ?? reason}`);
	if (memory.pressure === "critical") found.push(`${nodeId} is short of memory`);
	if (disk && disk.available_gb < FULL_DISK_RATIO * disk.total_gb) found.push(`The disk of ${nodeId} has ${disk.available_gb} GB left`);
	if (breakers.length > 0) found.push(`${nodeId} failed several times in a row with ${breakers.map(({ model }) => model).join(", ")}`);
	return found;
}

function counted(count: number, noun: string): string {
	return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
