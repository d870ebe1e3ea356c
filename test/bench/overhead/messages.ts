/** What the benchmark's processes tell each other. */
import { z } from "zod";

/** A server to send chats to, and the model to ask it for. */
export const TargetSchema = z.object({ port: z.number(), model: z.string() });
export type Target = z.infer<typeof TargetSchema>;

export const ArrivalsSchema = z.discriminatedUnion("kind", [
	/** Closed loop: so many streams run at any time, their first starts spread over a while. */
	z.object({ kind: z.literal("streams"), count: z.number(), spreadMs: z.number() }),
	/** Open loop: a request is due at fixed intervals, whether or not earlier ones are answered. */
	z.object({ kind: z.literal("rate"), perSecond: z.number() }),
]);
export type Arrivals = z.infer<typeof ArrivalsSchema>;

/** One uninterrupted piece of load on one target. */
export const SliceSchema = z.object({
	target: TargetSchema,
	arrivals: ArrivalsSchema,
	/** Of each answer; with a pace of 0 they are sent at once. */
	chunks: z.number(),
	paceMs: z.number(),
	forMs: z.number(),
});
export type Slice = z.infer<typeof SliceSchema>;

export const SliceResultSchema = z.object({
	firstByteMs: z.array(z.number()),
	/** From one chunk to the next of the same answer; only for paced answers, as the next. */
	gapMs: z.array(z.number()),
	/** From the upstream's write to the client's read. */
	transitMs: z.array(z.number()),
	finished: z.number(),
	failed: z.number(),
	/** Causes with their number. */
	failures: z.record(z.string(), z.number()),
	/** What came in while the window was open: after the starts were spread, until the time was over. */
	finishedInWindow: z.number(),
	chunksInWindow: z.number(),
	windowMs: z.number(),
});
export type SliceResult = z.infer<typeof SliceResultSchema>;

export const UpstreamReadySchema = z.object({ port: z.number(), doorlessPort: z.number() });
export const RouterReadySchema = z.object({ port: z.number(), joinToken: z.string(), workerdPidFile: z.string() });
export const AgentReadySchema = z.object({ doorUrl: z.string() });
export const LoadReadySchema = z.object({ ready: z.literal(true) });

export const AgentFlagsSchema = z.object({
	routerUrl: z.string(),
	ollamaUrl: z.string(),
	nodeId: z.string(),
	token: z.string(),
	dataDir: z.string(),
	advertiseUrl: z.string().optional(),
});
export type AgentFlags = z.infer<typeof AgentFlagsSchema>;

/** Tells the parent that this process serves. */
export function tellReady(
	message: z.infer<typeof UpstreamReadySchema | typeof RouterReadySchema | typeof AgentReadySchema | typeof LoadReadySchema>,
): void {
	process.send?.(message);
}
