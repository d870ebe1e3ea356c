/** A look into a simulated machine, for tests and for its telemetry. */
import type { Running } from "./machine/activity.ts";
import type { SimulatedNode } from "./node.ts";

export interface Snapshot {
	resident: {
		name: string;
		sizeBytes: number;
		gpuBytes: number;
		context: number;
		busySlots: number;
		waiting: number;
		references: number;
	}[];
	/** Requests that hold a runner: waiting for a slot, or at work. */
	running: Running[];
	/** Of each inference whose client still waits, loading and queueing included; `undefined` for a client that gave none. */
	requestIds: (string | undefined)[];
	completed: number;
	/** Requests that wait for a load, the one that is served included. */
	queue: number;
	loading: string | undefined;
	installedBytes: number;
	/** From 0, idle for long, to 1, busy for long. */
	heatRatio: number;
	/** More than 1 when the machine is made to slow down by heat. */
	thermalSlowdown: number;
}

export function snapshotOf({ scheduler, store, activity, openRequests, clock, faults }: SimulatedNode): Snapshot {
	return {
		resident: scheduler.runners.map(({ name, sizeBytes, gpuBytes, context, slots, references }) => {
			return { name, sizeBytes, gpuBytes, context, busySlots: slots.busy, waiting: slots.waiting, references };
		}),
		running: activity.running,
		requestIds: openRequests.ids,
		completed: activity.completed,
		queue: scheduler.pending,
		loading: scheduler.loading?.name,
		installedBytes: store.list().reduce((sum, { spec }) => sum + spec.fileBytes, 0),
		heatRatio: activity.heatRatio(clock.now()),
		thermalSlowdown: faults.thermalSlowdown,
	};
}
