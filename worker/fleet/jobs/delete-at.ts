/** Deletes a model from one machine's disk. */
import { REQUEST_ID_HEADER } from "../../protocol/heartbeat.ts";
import type { Target } from "../targets.ts";

/** It only touches manifests; a disk may still be slow. */
const TIMEOUT_MS = 30_000;
const MAX_WORDS = 300;

/** What went wrong, for a person; undefined when it is gone. Never throws. */
export async function deleteAt(
	{ doorUrl, secret }: Target,
	{ id, name }: { id: string; name: string },
	send: typeof fetch,
): Promise<string | undefined> {
	try {
		const headers = { authorization: `Bearer ${secret}`, "content-type": "application/json", [REQUEST_ID_HEADER]: id };
		const body = JSON.stringify({ model: name, name });
		const call = { method: "DELETE", headers, body, redirect: "manual", signal: AbortSignal.timeout(TIMEOUT_MS) } as const;
		const response = await send(`${doorUrl}/api/delete`, call);
		const words = await response.text();
		return response.ok || response.status === 404 ? undefined : `it answered ${response.status}: ${words.slice(0, MAX_WORDS)}`;
	} catch {
		return "the connection to it broke, or nothing came within 30 s";
	}
}
