/** The queue as `GET /fleet/queue` tells it. Pure. */
import type { QueueReport } from "../protocol/queue.ts";
import { type Forecast, forecast } from "../routing/rule/forecast.ts";
import { passInput, type QueueLimits } from "./queue.ts";
import { toQueues } from "./snapshot.ts";
import type { FleetState } from "./state.ts";

export function queueReport(state: FleetState, limits: QueueLimits, now: number): QueueReport {
	const queues = toQueues(state);
	const sum = (field: "completed" | "failed") => Object.values(queues).reduce((total, queue) => total + queue[field], 0);
	const waiting = forecast(passInput(state, limits, now)).map((one, index) => waitingReport(one, index, now));
	const waits = waiting.flatMap(({ expected_wait_ms: ms }) => ms ?? []);
	return {
		queue_depth: state.leases.size + state.waiting.size,
		pending: state.waiting.size,
		in_flight: state.leases.size,
		completed: sum("completed"),
		failed: sum("failed"),
		estimated_wait_ms: waits.length > 0 ? Math.max(...waits) : null,
		nodes_online: [...state.nodes.values()].filter(({ status }) => status === "online").length,
		queues,
		waiting,
		timestamp: now / 1000,
	};
}

function waitingReport({ waiting, nodeId, waitS }: Forecast, index: number, now: number): QueueReport["waiting"][number] {
	const { request, model, since } = waiting;
	return {
		request_id: request.id,
		position: index + 1,
		model,
		class: request.requestClass,
		app: request.tags[0] ?? "",
		waited_ms: now - since,
		expected_wait_ms: waitS === undefined ? null : Math.round(waitS * 1000),
		expected_node: nodeId ?? null,
	};
}
