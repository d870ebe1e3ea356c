/** The answer to a beat. Pure. */
import type { HeartbeatReply } from "../protocol/heartbeat.ts";
import { needsModels, needsWeek } from "./beat.ts";
import type { NodeRecord } from "./state.ts";

export interface BeatAnswer {
	readonly status: number;
	readonly body: HeartbeatReply | { error: string };
}

/** `secret` only when this beat earned a new one. */
export function replyTo(node: NodeRecord, secret: string | undefined): BeatAnswer {
	const pending = `Run "herd nodes approve ${node.nodeId}" on the router's machine, or click Approve on its dashboard`;
	return {
		status: 200,
		body: {
			status: node.approved ? (node.beat.draining || node.drained ? "draining" : "ok") : "pending",
			node_status: node.status,
			...(secret !== undefined && { secret }),
			...(node.approved && needsModels(node) && { need_models: true }),
			...(node.approved && needsWeek(node) && { need_week: true }),
			...(!node.approved && { message: pending }),
		},
	};
}
