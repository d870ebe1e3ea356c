/** The fleet as it stands, for `/metrics`: read when somebody asks. Pure. */
import type { Family, Sample } from "../../metrics/family.ts";
import { candidateOf, slotsOf } from "../../routing/candidate.ts";
import { nodeReasons } from "../../routing/eligibility.ts";
import { pullSnapshots } from "../auto-pull/report.ts";
import type { FleetState, NodeRecord } from "../state.ts";
import { nodeGauges } from "./node-gauges.ts";

export function fleetGauges(state: FleetState, now: number): Family[] {
	const nodes = [...state.nodes.values()];
	return [
		gauge("herd_num_requests_waiting", "Requests that wait for a place", waiting(state)),
		gauge("herd_num_requests_running", "Requests in flight on a node", nodes.flatMap(running)),
		gauge("herd_slots", "Places of a model in memory, busy and free", nodes.flatMap(slots)),
		gauge("herd_models_resident", "Models in memory", nodes.flatMap(resident)),
		gauge("herd_pulls", "Downloads that the router started", pulls(state)),
		gauge("herd_nodes_pending", "Machines that wait for approval", [{ labels: {}, value: state.pending.size }]),
		gauge("herd_node_blocked", "Why a node takes no work now", nodes.flatMap(blocked)),
		gauge(
			"herd_breaker_open",
			"1 while a model on a node, or the node (*), is left alone after failures; 0 once the next request may try it",
			nodes.flatMap((node) => breakers(node, now)),
		),
		...nodeGauges(nodes, now),
	];
}

export function gauge(name: string, help: string, samples: readonly Sample[]): Family {
	return { name, help, type: "gauge", samples };
}

function waiting(state: FleetState): Sample[] {
	const counts = new Map<string, Sample>();
	for (const { model, request } of state.waiting.values()) {
		const labels = { model, class: request.requestClass };
		const key = `${request.requestClass} ${model}`;
		counts.set(key, { labels, value: (counts.get(key)?.value ?? 0) + 1 });
	}
	return [...counts.values()];
}

function running({ nodeId, inFlight }: NodeRecord): Sample[] {
	return [...inFlight].map(([model, value]) => ({ labels: { node: nodeId, model }, value }));
}

function slots(node: NodeRecord): Sample[] {
	return [...node.resident.keys()].flatMap((model) => {
		const [all, busy] = [slotsOf(candidateOf(node, model)), node.inFlight.get(model) ?? 0];
		const labels = { node: node.nodeId, model };
		return [
			{ labels: { ...labels, state: "busy" }, value: busy },
			{ labels: { ...labels, state: "free" }, value: Math.max(0, all - busy) },
		];
	});
}

function resident({ nodeId, resident: models }: NodeRecord): Sample[] {
	return [...models.keys()].map((model) => ({ labels: { node: nodeId, model }, value: 1 }));
}

function pulls(state: FleetState): Sample[] {
	return pullSnapshots(state).map(({ model, status }) => ({ labels: { model, failed: String(status === "failed") }, value: 1 }));
}

function blocked(node: NodeRecord): Sample[] {
	return nodeReasons(node).map((reason) => ({ labels: { node: node.nodeId, reason }, value: 1 }));
}

function breakers({ nodeId, breakers: all }: NodeRecord, now: number): Sample[] {
	return [...all].flatMap(([model, { openUntil }]) =>
		openUntil === undefined ? [] : [{ labels: { node: nodeId, model }, value: Number(openUntil > now) }],
	);
}
