import { defineConfig } from "vitest/config";

/** The official clients, hostile bodies and large ones: what the router must not change. The limits are safety nets only. */
export default defineConfig({
	test: {
		name: "compat",
		include: ["test/compat/**/*.test.ts"],
		globalSetup: ["test/journeys/build-once.ts"],
		fileParallelism: false,
		testTimeout: 300_000,
		hookTimeout: 120_000,
	},
});
