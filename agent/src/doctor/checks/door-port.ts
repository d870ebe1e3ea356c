/** Whether the door's port is ours or free. */
import { createServer } from "node:net";
import * as z from "zod";
import { exchange } from "../../exchange.ts";
import { ok, problem, warning } from "../finding.ts";
import type { Check, DoctorFacts } from "../finding.ts";

const LIMIT_MS = 3_000;
const ABOUT = "Agent";

const HealthSchema = z.looseObject({ node_id: z.string(), draining: z.boolean(), running: z.number() });

export const doorPort: Check = async (facts) => {
	const state = await runningAgent(facts);
	if (state) return [ok(ABOUT, `"${state.node_id}" runs, its door is at ${facts.doorUrl}${state.draining ? ", drained" : ""}`)];
	if (await isFree(facts.doorPort))
		return [
			warning(
				ABOUT,
				`It does not run now; port ${facts.doorPort} is free for it`,
				`Start it: ${facts.program} run, or ${facts.program} install`,
			),
		];
	return [
		problem(
			ABOUT,
			`Port ${facts.doorPort} is taken by another program`,
			"The agent takes the next free one by itself; choose one with --port if the router's way there is fixed",
		),
	];
};

async function runningAgent({ doorUrl, secret, nodeId }: DoctorFacts): Promise<z.infer<typeof HealthSchema> | undefined> {
	if (doorUrl === undefined || secret === undefined) return undefined;
	try {
		const { text } = await exchange(`${doorUrl}/door/health`, {
			headers: { authorization: `Bearer ${secret}` },
			signal: AbortSignal.timeout(LIMIT_MS),
		});
		const state = HealthSchema.parse(JSON.parse(text));
		return state.node_id === nodeId ? state : undefined;
	} catch {
		return undefined;
	}
}

/** Tried as the door does, on every address. */
function isFree(port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const probe = createServer();
		probe.once("error", () => resolve(false));
		probe.listen(port, () => probe.close(() => resolve(true)));
	});
}
