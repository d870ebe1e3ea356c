/** What of the fleet outlives a restart: each node's last beat with its secret, written only when routing facts change. */
import { HeartbeatSchema } from "../protocol/heartbeat.ts";
import * as z from "zod";
import { log } from "../log.ts";
import { newNode } from "./beat.ts";
import type { NodeRecord } from "./state.ts";

const PREFIX = "node:";
const SavedNodeSchema = z.object({
	beat: HeartbeatSchema,
	secret: z.string(),
	approved: z.boolean(),
	doorReachable: z.boolean(),
	drained: z.boolean().default(false),
	pause: z.object({ until: z.number().optional() }).optional(),
});

/** Unconfirmed on purpose: a confirmed write would hold every answer of the object back until the disk has it. */
export function saveNode(storage: DurableObjectStorage, node: NodeRecord): void {
	const { beat, secret, approved, doorReachable, drained, pause, installedEntries } = node;
	const whole = { ...beat, ollama: { ...beat.ollama, models_available: installedEntries } };
	const saved = { beat: whole, secret, approved, doorReachable, drained, pause };
	storage.put(PREFIX + node.nodeId, saved, { allowUnconfirmed: true }).catch((error: unknown) => {
		log("error", "A node could not be saved: after a restart it must beat first", { node_id: node.nodeId, error: String(error) });
	});
}

export function forgetNode(storage: DurableObjectStorage, nodeId: string): void {
	void storage.delete(PREFIX + nodeId, { allowUnconfirmed: true });
}

/** Known nodes count as seen at the restart: they route at once, and go offline if they stay silent. */
export async function loadNodes(storage: DurableObjectStorage, now: number): Promise<NodeRecord[]> {
	const saved = await storage.list({ prefix: PREFIX });
	return [...saved.values()].flatMap((value) => {
		const parsed = SavedNodeSchema.safeParse(value);
		if (!parsed.success) return [];
		const { beat, secret, approved, doorReachable, drained, pause } = parsed.data;
		return [{ ...newNode(beat, { secret, approved }, now), doorReachable, drained, ...(pause && { pause }) }];
	});
}
