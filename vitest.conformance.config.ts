import { defineConfig } from "vitest/config";

/** Recordings of real Ollama servers, replayed. */
export default defineConfig({
	test: {
		name: "conformance",
		include: ["test/conformance/**/*.test.ts"],
		fileParallelism: false,
		testTimeout: 300_000,
		hookTimeout: 120_000,
	},
});
