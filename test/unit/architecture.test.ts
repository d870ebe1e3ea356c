/** The layering of DESIGN, as a test: nothing imports upwards. */
import { readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, it } from "vitest";

/** Layer: the folders and files it may import from, beside its own. Paths are prefixes. */
const MAY_IMPORT: Record<string, readonly string[]> = {
	"worker/protocol": ["zod"],
	"worker/routing": ["worker/protocol"],
	"worker/catalogue": ["worker/protocol"],
	"worker/rewrite": ["worker/protocol", "worker/routing", "zod"],
	"worker/benchmarks": ["worker/protocol", "zod"],
	"worker/traces": ["worker/protocol"],
	"worker/migrations": [],
	"worker/fleet": [
		"worker/protocol",
		"worker/routing",
		"worker/catalogue",
		"worker/rewrite",
		"worker/traces",
		"worker/benchmarks",
		"worker/migrations",
		"worker/env.ts",
		"worker/log.ts",
		"worker/secrets.ts",
		"worker/settings",
		"worker/version.ts",
		"cloudflare:workers",
		"zod",
	],
	"worker/dispatch": [
		"worker/protocol",
		"worker/routing",
		"worker/rewrite",
		"worker/errors.ts",
		"worker/log.ts",
		"worker/secrets.ts",
		"node:zlib",
	],
	"worker/chores": ["worker/protocol", "worker/routing", "worker/dispatch", "worker/errors.ts", "worker/log.ts"],
	"worker/settings/": ["worker/protocol", "worker/routing", "worker/settings.ts", "zod"],
	"worker/middleware": ["worker/env.ts", "worker/errors.ts", "worker/secrets.ts", "worker/settings.ts", "worker/routes/route.ts", "hono"],
	"agent/src": ["worker/protocol", "node:", "commander", "pino", "systeminformation", "zod"],
	"dashboard/src": ["worker/protocol", "preact", "uplot", "zod"],
};
/** Imports of types only, which leave no trace at run time. */
const MAY_KNOW: Record<string, readonly string[]> = {
	"worker/dispatch": ["worker/fleet"],
	"worker/chores": ["worker/fleet"],
};

function sources(folder: string): string[] {
	return readdirSync(folder, { recursive: true, encoding: "utf8" })
		.filter((name) => /\.tsx?$/.test(name))
		.map((name) => join(folder, name));
}

function imports(file: string): { target: string; typeOnly: boolean }[] {
	const found = readFileSync(file, "utf8").matchAll(/^(?:import|export)\s+(type\s)?[^;]*?from\s+"([^"]+)"/gm);
	return [...found].map(([, type, specifier = ""]) => ({
		target: specifier.startsWith(".") ? join(dirname(file), specifier) : specifier,
		typeOnly: type !== undefined,
	}));
}

describe("layers", () => {
	it.for(Object.entries(MAY_IMPORT))("%s imports only what lies below it", ([layer, allowed], { expect }) => {
		for (const file of sources(layer)) {
			for (const { target, typeOnly } of imports(file)) {
				const legal = [layer, ...allowed, ...(typeOnly ? (MAY_KNOW[layer] ?? []) : [])];
				expect(
					legal.some((prefix) => target.startsWith(prefix)),
					`${file} imports ${target}`,
				).toBe(true);
			}
		}
	});

	it("keeps the version in one place for the router and its package", ({ expect }) => {
		const manifest = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
		expect(readFileSync("worker/version.ts", "utf8")).toContain(`"${manifest.version}"`);
	});
});
