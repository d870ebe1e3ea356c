/** Proves that a node's door is where its beat says and belongs to that node, before any request is sent there. */
import * as z from "zod";

const TIMEOUT_MS = 2_000;
const PAUSE_MS = 250;

const HealthSchema = z.looseObject({ node_id: z.string() });

export interface Door {
	readonly nodeId: string;
	readonly url: string;
	readonly secret: string;
}

/** `tries` with a pause between them. */
export async function doorAnswers(door: Door, send: typeof fetch, tries: number): Promise<boolean> {
	for (let attempt = 0; attempt < tries; attempt++) {
		if (attempt > 0) await scheduler.wait(PAUSE_MS);
		if (await asksOnce(door, send)) return true;
	}
	return false;
}

async function asksOnce({ nodeId, url, secret }: Door, send: typeof fetch): Promise<boolean> {
	try {
		const response = await send(new URL("/door/health", url), {
			headers: { authorization: `Bearer ${secret}` },
			redirect: "manual",
			signal: AbortSignal.timeout(TIMEOUT_MS),
		});
		const health = HealthSchema.safeParse(await response.json());
		return response.status === 200 && health.success && health.data.node_id === nodeId;
	} catch {
		return false;
	}
}
