/** Settings in real workerd: changed while the router runs, in force at once, and still so after a crash. */
import { abortAllDurableObjects, createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, it } from "vitest";
import { app } from "../../worker/app.ts";
import { SettingsChangedSchema, SettingsReportSchema } from "../../worker/protocol/settings.ts";

const path = "/dashboard/api/settings";

async function ask(method: "GET" | "POST", at: string, body?: unknown, headers: Record<string, string> = {}) {
	const given = { host: "localhost", "content-type": "application/json", ...headers };
	const request = new Request(`http://localhost${at}`, {
		method,
		headers: given,
		...(body !== undefined && { body: JSON.stringify(body) }),
	});
	const response = await app.fetch(request, env, createExecutionContext());
	return { status: response.status, json: await response.json<Record<string, unknown>>() };
}

const report = async () => SettingsReportSchema.parse((await ask("GET", path)).json);
const queueMax = async () => (await ask("GET", "/fleet/limits")).json.queue_max;

afterEach(async () => {
	await ask("POST", path, { queue_max: null, vram_fallback: null, num_ctx_overrides: null });
});

describe("a setting changed at run time", () => {
	it("is in force at once, outlives a crash, and gives way to the environment again", async ({ expect }) => {
		const { status, json } = await ask("POST", path, { queue_max: 7 });
		expect([status, SettingsChangedSchema.parse(json)]).toMatchObject([200, { status: "updated", updated: { queue_max: 7 } }]);
		expect(await queueMax()).toBe(7);
		await abortAllDurableObjects();
		expect(await queueMax()).toBe(7);
		expect((await report()).settings.find(({ name }) => name === "FLEET_QUEUE_MAX")).toMatchObject({ value: 7, source: "run-time" });
		await ask("POST", path, { queue_max: null });
		expect(await queueMax()).toBe(1000);
	});

	it("is written down with who changed it, from what, and to what", async ({ expect }) => {
		await ask("POST", path, { vram_fallback: false }, { authorization: "Bearer admin-key-of-the-tests" });
		await ask("POST", path, { vram_fallback: null });
		const [second, first] = (await report()).changes;
		expect(first).toMatchObject({ by: "admin key", name: "FLEET_VRAM_FALLBACK", from: true, to: false, undone: false });
		expect(second).toMatchObject({ by: "open", name: "FLEET_VRAM_FALLBACK", from: false, to: true, undone: true });
	});

	it("is merged into the overrides that are there", async ({ expect }) => {
		await ask("POST", path, { num_ctx_overrides: { "a:1b": 4096 } });
		const { json } = await ask("POST", path, { num_ctx_overrides: { "b:1b": 8192 } });
		expect(json.updated).toEqual({ num_ctx_overrides: { "a:1b": 4096, "b:1b": 8192 } });
	});

	it("is refused whole where one value is wrong, and told when nothing changes", async ({ expect }) => {
		expect(await ask("POST", path, { queue_max: 3, auto_pull: "false" })).toEqual({
			status: 400,
			json: { error: 'FLEET_AUTO_PULL="false" must be true or false' },
		});
		expect(await queueMax()).toBe(1000);
		expect((await ask("POST", path, {})).json).toMatchObject({ status: "no_change" });
	});
});

describe("the report", () => {
	it("has what the origin's page reads, and no secret", async ({ expect }) => {
		const { config, groups, settings } = await report();
		expect(Object.keys(config)).toEqual(
			expect.arrayContaining(["toggles", "context", "server", "heartbeat", "scoring", "auto_pull_config", "context_protection", "reaper"]),
		);
		expect(settings.every(({ group }) => groups.some(({ id }) => id === group))).toBe(true);
		expect(JSON.stringify(settings)).not.toContain("of-the-tests");
	});
});
