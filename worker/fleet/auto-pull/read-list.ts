/** A node's own list of its models: nothing counts as installed before it stands there. */
import { InstalledListSchema } from "../../protocol/manage.ts";
import type { InstalledModel } from "../../protocol/ollama.ts";
import type { Target } from "../targets.ts";

const TIMEOUT_MS = 3_000;

/** Undefined when the node gave none in time. */
export async function readList({ doorUrl, secret }: Target, send: typeof fetch): Promise<InstalledModel[] | undefined> {
	try {
		const headers = { authorization: `Bearer ${secret}` };
		const response = await send(`${doorUrl}/api/tags`, { headers, redirect: "manual", signal: AbortSignal.timeout(TIMEOUT_MS) });
		return InstalledListSchema.safeParse(await response.json()).data?.models;
	} catch {
		return undefined;
	}
}
