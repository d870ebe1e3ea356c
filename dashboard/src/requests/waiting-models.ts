/** Who waits for what. Pure. */
import type { FleetSnapshot } from "../../../worker/protocol/fleet.ts";

export interface WaitingModel {
	readonly model: string;
	readonly waiting: number;
}

/** Waiting requests by model, most first; those are bound to no machine yet. */
export function waitingModels(queues: FleetSnapshot["queues"]): WaitingModel[] {
	const byModel = new Map<string, number>();
	for (const { model, pending } of Object.values(queues)) if (pending > 0) byModel.set(model, (byModel.get(model) ?? 0) + pending);
	return [...byModel]
		.map(([model, waiting]) => ({ model, waiting }))
		.sort((a, b) => b.waiting - a.waiting || a.model.localeCompare(b.model));
}
