import { readFileSync } from "node:fs";
import { describe, it } from "vitest";
import { SettingSchema } from "../../../worker/protocol/settings.ts";
import { readSettings } from "../../../worker/settings.ts";
import { labelOf, SETTING_NAMES } from "../../../worker/settings/facts.ts";
import { settingList } from "../../../worker/settings/report.ts";

/** Told in words, or decided by how the router is started. */
const WORDED = ["FLEET_AUTH", "FLEET_REGISTRY_URL", "FLEET_NODE_TOKEN", "FLEET_ADMIN_KEY"];

function list(environment: Record<string, string> = {}, values: Record<string, string> = {}) {
	const settings = readSettings({ ...environment, ...values });
	return settingList({ settings, environment, overrides: { version: 1, values } });
}

const named = (name: string, settings = list()) => settings.find((one) => one.name === name);

describe("the list of settings", () => {
	it("tells of every one what a page needs to show it", ({ expect }) => {
		const settings = list();
		expect(settings.map(({ name }) => name).toSorted()).toEqual(SETTING_NAMES.toSorted());
		for (const setting of settings) expect(SettingSchema.safeParse(setting).error, setting.name).toBeUndefined();
		expect(named("FLEET_QUEUE_TIMEOUT_S")).toMatchObject({ key: "queue_timeout_s", label: "Queue timeout", unit: "seconds", minimum: 1 });
		expect(["FLEET_VRAM_FALLBACK", "FLEET_NUM_CTX_OVERRIDES", "FLEET_MAX_BODY_MB"].map(labelOf)).toEqual([
			"VRAM fallback",
			"num_ctx overrides",
			"Max body",
		]);
	});

	it("says where each value comes from, and keeps secrets to itself", ({ expect }) => {
		const settings = list({ FLEET_QUEUE_MAX: "5", FLEET_ADMIN_KEY: "hush" }, { FLEET_MAX_RETRIES: "1" });
		expect(named("FLEET_QUEUE_MAX", settings)).toMatchObject({ value: 5, default: 1000, source: "env", changeable: true });
		expect(named("FLEET_MAX_RETRIES", settings)).toMatchObject({ value: 1, default: 2, source: "run-time" });
		expect(named("FLEET_FAIR_SHARE", settings)).toMatchObject({ value: 0.3, source: "default" });
		expect(named("FLEET_ADMIN_KEY", settings)).toMatchObject({ value: null, secret: true, is_set: true, changeable: false });
		expect(JSON.stringify(settings)).not.toContain("hush");
	});

	it("tells pulls as they are where nobody has said anything", ({ expect }) => {
		expect(named("FLEET_AUTO_PULL")).toMatchObject({ value: true, default: true });
		expect(named("FLEET_AUTO_PULL", list({ FLEET_EDGE: "true" }))).toMatchObject({ value: false, default: false });
	});
});

describe("the README", () => {
	const rows = readFileSync("README.md", "utf8")
		.split("\n")
		.map((line) => line.split("|").map((cell) => cell.trim()))
		.map(([, names = "", defaults = ""]) => ({ names: [...names.matchAll(/`(FLEET_\w+)`/g)].map(([, name = ""]) => name), defaults }))
		.filter(({ names }) => names.length > 0);

	it("lists every setting", ({ expect }) => {
		const listed = rows.flatMap(({ names }) => names);
		expect(SETTING_NAMES.filter((name) => !listed.includes(name))).toEqual([]);
		// Those of the agent are its own to know
		const read = [
			...SETTING_NAMES,
			"FLEET_HOST",
			"FLEET_PORT",
			"FLEET_DATA_DIR",
			"FLEET_LOG_LEVEL",
			"FLEET_CONSOLE_LOG_LEVEL",
		] as readonly string[];
		expect(listed.filter((name) => !read.includes(name) && !name.startsWith("FLEET_NODE_"))).toEqual([]);
	});

	it("has their defaults right", ({ expect }) => {
		const settings = list();
		for (const { names, defaults } of rows) {
			const said = defaults.split(",").map((cell) => cell.replaceAll("`", "").trim());
			for (const [index, name] of names.entries()) {
				const setting = named(name, settings);
				if (setting && !WORDED.includes(name)) expect(said[index] ?? "", name).toBe(asWritten(setting.default));
			}
		}
	});
});

function asWritten(value: unknown): string {
	if (Array.isArray(value)) return value.join(", ");
	return typeof value === "object" ? JSON.stringify(value) : String(value);
}
