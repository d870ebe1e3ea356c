/** The page's build: `dashboard.html` and its assets, placed beside the other files that the router serves from `dist/public`. */
import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { preact } from "@preact/preset-vite";
import { defineConfig, type Plugin } from "vite";

const PAGE = fileURLToPath(new URL("dashboard", import.meta.url));
const PUBLIC = fileURLToPath(new URL("dist/public", import.meta.url));
const ASSETS = "dashboard/assets";
/** Where `npm run dev` and `herd` listen. */
const ROUTER = "http://127.0.0.1:11435";

/** `dist/public` holds files of others and is never emptied, so assets of earlier builds are cleared here. */
function clearStaleAssets(): Plugin {
	return {
		name: "clear-stale-assets",
		apply: "build",
		async buildStart() {
			await rm(`${PUBLIC}/${ASSETS}`, { recursive: true, force: true });
		},
	};
}

export default defineConfig({
	root: PAGE,
	base: "/",
	plugins: [preact(), clearStaleAssets()],
	build: {
		outDir: PUBLIC,
		emptyOutDir: false,
		assetsDir: ASSETS,
		// Inlined assets become data: URLs, which the page's CSP allows for images only.
		assetsInlineLimit: 0,
		// Every browser this page supports knows modulepreload.
		modulePreload: { polyfill: false },
		rolldownOptions: { input: `${PAGE}/dashboard.html` },
	},
	server: { proxy: { "/fleet": ROUTER, "/dashboard/api": ROUTER } },
});
