/** Has a node's agent start its Ollama anew, and tells truthfully what became of it. */
import type { Target } from "../fleet/targets.ts";
import { RestartAnswerSchema } from "../protocol/restart.ts";

/** The agent gives Ollama 15 s to end, and 30 s to answer again. */
const LIMIT_MS = 60_000;

export type Restart =
	| { readonly kind: "restarted"; readonly cut: number }
	/** The agent will not: for a reason that it tells. */
	| { readonly kind: "refused"; readonly message: string }
	| { readonly kind: "failed"; readonly message: string };

export async function restartOllama({ nodeId, doorUrl, secret }: Target, send: typeof fetch): Promise<Restart> {
	const headers = { authorization: `Bearer ${secret}` };
	const init = { method: "POST", headers, redirect: "manual", signal: AbortSignal.timeout(LIMIT_MS) } as const;
	try {
		const response = await send(`${doorUrl}/door/restart-ollama`, init);
		return judge(nodeId, response.status, await response.json());
	} catch {
		return { kind: "failed", message: `The agent of "${nodeId}" gave no answer: nothing is known of its Ollama` };
	}
}

function judge(nodeId: string, status: number, body: unknown): Restart {
	const { data } = RestartAnswerSchema.safeParse(body);
	if (status === 404) return { kind: "refused", message: `The agent of "${nodeId}" is too old to start its Ollama anew` };
	if (status === 200 && data?.requests_cut !== undefined) return { kind: "restarted", cut: data.requests_cut };
	const message = data?.error ?? `The agent of "${nodeId}" answered ${status}`;
	return { kind: status === 409 ? "refused" : "failed", message };
}
