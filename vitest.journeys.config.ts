import { defineConfig } from "vitest/config";

/** Each file in a process of its own: a process holds one router. The limits are safety nets only. */
const shared = { testTimeout: 120_000, hookTimeout: 120_000 } as const;
/** Most of their time these wait for machines, so two at a time take little more than half of it. */
const together = { ...shared, maxWorkers: 2, sequence: { groupOrder: 1 } } as const;
/** These load the machine, or compare times. */
const ALONE = ["test/journeys/batch.test.ts", "test/chaos/slots.test.ts", "test/chaos/campaign.test.ts"];

/** The whole product with real parts: `journeys` as people and programs use it, `chaos` as it breaks. */
export default defineConfig({
	test: {
		...shared,
		globalSetup: ["test/journeys/build-once.ts"],
		projects: [
			{ extends: true, test: { ...together, name: "journeys", include: ["test/journeys/**/*.test.ts"], exclude: ALONE } },
			{ extends: true, test: { ...together, name: "chaos", include: ["test/chaos/**/*.test.ts"], exclude: ALONE } },
			{
				extends: true,
				test: { ...shared, name: "alone", include: ALONE, fileParallelism: false, maxWorkers: 1, sequence: { groupOrder: 2 } },
			},
		],
	},
});
