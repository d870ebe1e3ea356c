/** What the door answers itself, to the router and to the owner's commands on this machine. */
import type { IncomingMessage, ServerResponse } from "node:http";
import * as z from "zod";
import { refuse } from "./refuse.ts";

/** The router reads `node_id` only. */
export const DoorStateSchema = z.object({
	node_id: z.string(),
	in_flight: z.array(z.string()),
	/** Requests that pass, those without an id included. */
	running: z.number(),
	draining: z.boolean(),
	/** After a change: the router knows of it. */
	told: z.boolean().optional(),
});
export type DoorState = z.infer<typeof DoorStateSchema>;

/** Sets whether the machine is drained; true once the router knows. */
export type DrainSetter = (draining: boolean) => Promise<boolean>;

export async function control(
	{ method, path }: { method: IncomingMessage["method"]; path: string },
	response: ServerResponse,
	{ state, setDraining }: { state: () => DoorState; setDraining: DrainSetter | undefined },
): Promise<void> {
	if (path === "/door/health") return answer(response, state());
	const word = method === "POST" ? /^\/door\/(drain|resume)$/.exec(path)?.[1] : undefined;
	if (word === undefined || !setDraining) return refuse(response, 404, "The door has no such word");
	const told = await setDraining(word === "drain");
	answer(response, { ...state(), told });
}

function answer(response: ServerResponse, state: DoorState): void {
	const body = JSON.stringify(state);
	response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(body) });
	response.end(body);
}
