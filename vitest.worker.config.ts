import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

/** The worker in real workerd, with real D1 and Durable Objects. */
export default defineConfig({
	plugins: [
		cloudflareTest({
			wrangler: { configPath: "./wrangler.toml" },
			miniflare: {
				bindings: {
					FLEET_AUTH: "open",
					FLEET_AUTO_PULL: "false",
					FLEET_NODE_TOKEN: "join-token-of-the-tests",
					FLEET_ADMIN_KEY: "admin-key-of-the-tests",
				},
			},
		}),
	],
	test: { name: "worker", include: ["test/worker/**/*.test.ts"] },
});
