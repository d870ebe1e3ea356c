/** `herd-agent doctor`: looks at everything that keeps a machine out of the fleet, and says what to do about it. */
import { calledAs } from "../called-as.ts";
import { IdentityFile } from "../identity.ts";
import { doorPort } from "./checks/door-port.ts";
import { dataFolder, modelsFolder, node } from "./checks/machine.ts";
import { membership } from "./checks/membership.ts";
import { ollama } from "./checks/ollama.ts";
import { router } from "./checks/router.ts";
import type { Check, DoctorFacts } from "./finding.ts";
import { findingLines } from "./show.ts";

export interface DoctorOrder extends Pick<DoctorFacts, "routerUrl" | "ollamaUrl" | "nodeId" | "dataDir" | "doorPort" | "token"> {
	json: boolean;
}

interface Listener {
	say: (line: string) => void;
	coloured: boolean;
}

/** In the order of the lines. */
const CHECKS: readonly Check[] = [node, dataFolder, router, membership, ollama, doorPort, modelsFolder];

/** True when there is no problem; warnings are none. */
export async function examine({ json, ...order }: DoctorOrder, { say, coloured }: Listener): Promise<boolean> {
	const facts = await factsOf(order);
	const findings = (await Promise.all(CHECKS.map((check) => check(facts)))).flat();
	const healthy = findings.every(({ state }) => state !== "problem");
	if (json) say(JSON.stringify({ ok: healthy, findings }, undefined, 2));
	else for (const line of findingLines(findings, coloured)) say(line);
	return healthy;
}

/** What the agent that last ran here knew fills what was not said. */
async function factsOf(order: Omit<DoctorOrder, "json">): Promise<DoctorFacts> {
	const identity = await IdentityFile.read(order.dataDir, order.nodeId).catch(() => undefined);
	const { secret, doorUrl } = identity ?? {};
	const routerUrl = order.routerUrl ?? identity?.routerUrl;
	return {
		...order,
		...(routerUrl !== undefined && { routerUrl }),
		...(secret !== undefined && { secret }),
		...(doorUrl !== undefined && { doorUrl }),
		program: calledAs(process.argv[1] ?? "", routerUrl),
		now: Date.now,
	};
}
