/** What of a node outlives a restart: its last beat with its secret, saved only when routing facts change. Pure. */
import { HeartbeatSchema } from "../protocol/heartbeat.ts";
import * as z from "zod";
import { newNode } from "./beat.ts";
import type { NodeRecord } from "./state.ts";

export const NODE_PREFIX = "node:";
const SavedNodeSchema = z.object({
	beat: HeartbeatSchema,
	secret: z.string(),
	approved: z.boolean(),
	doorReachable: z.boolean(),
	drained: z.boolean().default(false),
	pause: z.object({ until: z.number().optional() }).optional(),
});

export function savedNode(node: NodeRecord): z.infer<typeof SavedNodeSchema> {
	const { beat, secret, approved, doorReachable, drained, pause, installedEntries } = node;
	const models = installedEntries && { models_available: [...installedEntries] };
	return { beat: { ...beat, ollama: { ...beat.ollama, ...models } }, secret, approved, doorReachable, drained, ...(pause && { pause }) };
}

/** Of all that is saved. Known nodes count as seen at the restart: they route at once, and go offline if they stay silent. What can't be read must beat first. */
export function restoredNodes(saved: ReadonlyMap<string, unknown>, now: number): NodeRecord[] {
	return [...saved].flatMap(([key, value]) => {
		if (!key.startsWith(NODE_PREFIX)) return [];
		const parsed = SavedNodeSchema.safeParse(value);
		if (!parsed.success) return [];
		const { beat, secret, approved, doorReachable, drained, pause } = parsed.data;
		return [{ ...newNode(beat, { secret, approved }, now), doorReachable, drained, ...(pause && { pause }) }];
	});
}
