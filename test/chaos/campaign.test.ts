/** The short campaign: every fault that is over in seconds, one seed. `npm run chaos` is the long one. */
import { describe, it } from "vitest";
import { campaign } from "./campaign/campaign.ts";
import { FAULTS } from "./campaign/faults/all.ts";
import { tableOf } from "./campaign/table.ts";

const SEED = 1;
const REQUESTS = 16;
const CROWD = 60;
const LIMIT_MS = 600_000;

describe("under every fault", () => {
	it("each client gets its answer or a clear error, nothing leaks, and each row is true", { timeout: LIMIT_MS }, async ({ expect }) => {
		const faults = FAULTS.filter(({ isLong, skip }) => !isLong && !skip);
		const { storms } = await campaign({ seeds: [SEED], faults, requests: REQUESTS, crowd: CROWD, onStorm: () => undefined });
		process.stdout.write(`${tableOf(storms)}\n`);
		expect(storms.flatMap(({ fault, leaks, problems }) => [...leaks, ...problems].map((problem) => `${fault}: ${problem}`))).toEqual([]);
		expect(storms).toHaveLength(faults.length);
	});
});
