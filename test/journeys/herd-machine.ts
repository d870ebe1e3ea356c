/** A machine for a router that runs as a process of its own. */
import { FleetSnapshotSchema } from "../../worker/protocol/fleet.ts";
import { type Machine, type MachineOptions, startMachine } from "./machine.ts";
import { until } from "./until.ts";

/** Comes back once the machine takes work. */
export async function addMachineTo(router: { url: string; folder: string }, options: MachineOptions): Promise<Machine> {
	const machine = await startMachine(router, options);
	await takesWork(router.url, options.nodeId);
	return machine;
}

export async function takesWork(routerUrl: string, nodeId: string): Promise<void> {
	await until(`${nodeId} takes work`, async () => {
		const { nodes } = FleetSnapshotSchema.parse(await (await fetch(`${routerUrl}/fleet/status`)).json());
		return nodes.some((node) => node.node_id === nodeId && node.status === "online" && node.blocked_by.length === 0);
	});
}
