import { defineConfig } from "vitest/config";

/** One file at a time, each in a process of its own: a process holds one router. The limits are safety nets only. */
const shared = { fileParallelism: false, maxWorkers: 1, testTimeout: 120_000, hookTimeout: 120_000 } as const;

/** The whole product with real parts: `journeys` as people and programs use it, `chaos` as it breaks. */
export default defineConfig({
	test: {
		...shared,
		globalSetup: ["test/journeys/build-once.ts"],
		projects: [
			{ extends: true, test: { ...shared, name: "journeys", include: ["test/journeys/**/*.test.ts"] } },
			{ extends: true, test: { ...shared, name: "chaos", include: ["test/chaos/**/*.test.ts"] } },
		],
	},
});
