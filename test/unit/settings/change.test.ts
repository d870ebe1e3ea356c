import { describe, it } from "vitest";
import { readSettings } from "../../../worker/settings.ts";
import { readWish, stillValid } from "../../../worker/settings/change.ts";

/** What a wish comes to: the texts to keep, or the refusal. */
function wished(given: unknown, environment: Record<string, string> = {}) {
	const wish = readWish(given, { settings: readSettings(environment), environment });
	return wish.kind === "refused"
		? wish.message
		: { ...Object.fromEntries(wish.values), ...(wish.ignored.length > 0 && { ignored: wish.ignored }) };
}

describe("a change of settings", () => {
	it("takes values by either name, in the form they have in JSON", ({ expect }) => {
		expect(wished({ queue_max: 5, FLEET_VRAM_FALLBACK: false, keep_alive: "30m" })).toEqual({
			FLEET_QUEUE_MAX: "5",
			FLEET_VRAM_FALLBACK: "false",
			FLEET_KEEP_ALIVE: "30m",
		});
	});

	it.for([
		[{ auto_pull: "false" }, 'FLEET_AUTO_PULL="false" must be true or false'],
		[{ queue_max: "5" }, 'FLEET_QUEUE_MAX="5" must be a number'],
		[{ queue_max: -1 }, "FLEET_QUEUE_MAX=-1 must be at least 0"],
		[{ context_protection: "maybe" }, 'FLEET_CONTEXT_PROTECTION="maybe" must be "strip", "warn" or "passthrough"'],
		[{ num_ctx_overrides: { a: "x" } }, 'FLEET_NUM_CTX_OVERRIDES={"a":"x"} must be a JSON object such as {"name": value}'],
		[{ queue_maks: 5 }, '"queue_maks" is no setting of this router (did you mean queue_max?)'],
		[{ auth: "open" }, "FLEET_AUTH can't be changed while the router runs: set it in the environment and start the router anew"],
		[[], 'the body must be a JSON object of settings such as {"queue_max": 500}'],
	] as const)("refuses %o with what was given and what is allowed", ([given, words], { expect }) => {
		expect(wished(given)).toBe(words);
	});

	it("is done as a whole or not at all", ({ expect }) => {
		expect(wished({ queue_max: 5, max_retries: true })).toBe("FLEET_MAX_RETRIES=true must be a number");
	});

	it("lays overrides over those in force, and takes one out with null", ({ expect }) => {
		const environment = { FLEET_NUM_CTX_OVERRIDES: '{"a": 4096, "b": 8192}' };
		expect(wished({ num_ctx_overrides: { b: null, c: 2048 } }, environment)).toEqual({ FLEET_NUM_CTX_OVERRIDES: '{"a":4096,"c":2048}' });
	});

	it("gives the environment its word back with null, and passes over what only the origin could switch", ({ expect }) => {
		expect(wished({ queue_max: null, image_generation: true })).toEqual({ FLEET_QUEUE_MAX: null, ignored: ["image_generation"] });
	});

	it("does not touch what a flag has", ({ expect }) => {
		const launch = { host: "", port: 1, data_dir: "", log_level: "", hostname: "", sources: { FLEET_QUEUE_MAX: "flag" } };
		expect(wished({ queue_max: 5 }, { HERD_LAUNCH: JSON.stringify(launch) })).toBe(
			"FLEET_QUEUE_MAX was given as a flag: start the router without it to change it here",
		);
	});
});

describe("what was stored", () => {
	it("counts only while this version would take it", ({ expect }) => {
		expect(stillValid({ FLEET_QUEUE_MAX: "5", FLEET_MAX_RETRIES: "many", FLEET_GONE: "1", FLEET_AUTH: "open" })).toEqual({
			FLEET_QUEUE_MAX: "5",
		});
	});
});
