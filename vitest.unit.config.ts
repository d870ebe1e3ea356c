import { defineConfig } from "vitest/config";

/** Pure code, in Node, in milliseconds. */
export default defineConfig({ test: { name: "unit", include: ["test/unit/**/*.test.ts", "test/bench/**/*.test.ts"] } });
