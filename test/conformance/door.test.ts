import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "vitest";
import { Door } from "../../agent/src/door/door.ts";
import { THROUGH_DOOR } from "./door-differences.ts";
import { describeDifferences, replay, summary } from "./replay.ts";
import { RECORDING_SETS, recordingsFolder, startGoldenSimulation } from "./sets.ts";

const SECRET = "a-secret-of-this-test";

for (const [set, settings] of Object.entries(RECORDING_SETS)) {
	const folder = join(recordingsFolder(), set);
	describe.skipIf(!existsSync(folder))(`the agent's door beside the recordings of ${set} (skipped without ../shared/golden)`, () => {
		it("passes on every byte of what the Ollama behind it answers", { timeout: 120_000 }, async ({ expect }) => {
			const simulated = await startGoldenSimulation(settings);
			const door = await Door.open({ nodeId: "golden", ollamaUrl: simulated.url, host: "127.0.0.1", port: 0, secret: () => SECRET });
			const baseUrl = `http://127.0.0.1:${door.address.port}`;
			try {
				const outcomes = await replay({ baseUrl, folder, set, allowances: THROUGH_DOOR, authorization: `Bearer ${SECRET}` });
				process.stdout.write(`door, ${summary(set, outcomes)}\n`);
				expect(outcomes.filter(({ verdict }) => verdict.kind === "different").map(describeDifferences)).toEqual([]);
			} finally {
				await door.close();
				await simulated.stop();
			}
		});
	});
}
