/** The upstream's two machines: one behind an agent's door, one that the router calls without, to tell the door's share. */
export interface Machine {
	readonly nodeId: string;
	readonly model: string;
}

export const BEHIND_DOOR: Machine = { nodeId: "bench", model: "bench:latest" };
export const DOORLESS: Machine = { nodeId: "bench-doorless", model: "bench-doorless:latest" };
