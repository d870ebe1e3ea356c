import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "vitest";
import { startAgent } from "../../agent/src/agent.ts";
import { machineReport } from "../../agent/src/simulate/machine.ts";
import type { SimulatedOllama } from "../../agent/src/simulate/server.ts";
import { Household } from "../journeys/household.ts";
import { describeDifferences, replay, summary } from "./replay.ts";
import { THROUGH_ROUTER } from "./router-differences.ts";
import { RECORDING_SETS, recordingsFolder, startGoldenSimulation } from "./sets.ts";

const NODE = "golden";

async function joinFleet(household: Household, simulated: SimulatedOllama): Promise<void> {
	const agent = await startAgent({
		routerUrl: household.url,
		nodeId: NODE,
		ollamaUrl: simulated.url,
		doorHost: "127.0.0.1",
		doorPort: 0,
		token: household.joinToken,
		dataDir: household.folder,
		readMachine: async () => machineReport(simulated.profile, simulated),
		log: { info: () => undefined, warn: () => undefined, error: () => undefined },
	});
	household.add(agent);
	await household.ready(NODE);
}

for (const [set, settings] of Object.entries(RECORDING_SETS)) {
	const folder = join(recordingsFolder(), set);
	describe.skipIf(!existsSync(folder))(`the router beside the recordings of ${set} (skipped without ../shared/golden)`, () => {
		it("gives what the Ollama behind it gives, but for the reviewed differences", { timeout: 240_000 }, async ({ expect }) => {
			const household = await Household.start({ variables: { FLEET_CONTEXT_PROTECTION: "passthrough", FLEET_KEEP_ALIVE: "client" } });
			const simulated = household.add(await startGoldenSimulation(settings));
			try {
				await joinFleet(household, simulated);
				const outcomes = await replay({
					baseUrl: household.url,
					folder,
					set,
					wire: "relayed",
					addedHeaders: /^(?:x-fleet|x-request-id)/i,
					allowances: THROUGH_ROUTER,
				});
				process.stdout.write(`router, ${summary(set, outcomes)}\n`);
				expect(outcomes.filter(({ verdict }) => verdict.kind === "different").map(describeDifferences)).toEqual([]);
			} finally {
				await household.stop();
			}
		});
	});
}
