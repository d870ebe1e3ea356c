import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "vitest";
import { describeDifferences, replay, summary } from "./replay.ts";
import { RECORDING_SETS, recordingsFolder, startGoldenSimulation } from "./sets.ts";

for (const [set, settings] of Object.entries(RECORDING_SETS)) {
	const folder = join(recordingsFolder(), set);
	describe.skipIf(!existsSync(folder))(`the simulated Ollama beside the recordings of ${set} (skipped without ../shared/golden)`, () => {
		it("answers like the real one, byte for byte where bytes are not made up", { timeout: 120_000 }, async ({ expect }) => {
			const simulated = await startGoldenSimulation(settings);
			try {
				const outcomes = await replay({ baseUrl: simulated.url, folder, set });
				process.stdout.write(`${summary(set, outcomes)}\n`);
				expect(outcomes.filter(({ verdict }) => verdict.kind === "different").map(describeDifferences)).toEqual([]);
			} finally {
				await simulated.stop();
			}
		});
	});
}
