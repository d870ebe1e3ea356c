import { describe, it } from "vitest";
import { autoPullSettings } from "../../../worker/fleet/from-settings.ts";
import { readSettings } from "../../../worker/settings.ts";

const enabled = (variables: Record<string, string>) => autoPullSettings(readSettings(variables)).enabled;

describe("pulls by the router", () => {
	it("are on at home and off behind a public address, unless it is said", ({ expect }) => {
		expect([enabled({}), enabled({ FLEET_EDGE: "true" })]).toEqual([true, false]);
		expect([enabled({ FLEET_AUTO_PULL: "false" }), enabled({ FLEET_EDGE: "true", FLEET_AUTO_PULL: "1" })]).toEqual([false, true]);
	});

	it("ask Ollama's own registry, or one that is an address", ({ expect }) => {
		expect(autoPullSettings(readSettings({})).registryUrl).toBe("https://registry.ollama.ai");
		expect(() => readSettings({ FLEET_REGISTRY_URL: "ftp://somewhere", FLEET_AUTO_PULL: "maybe" })).toThrow(
			/FLEET_AUTO_PULL="maybe" must be true or false\nFLEET_REGISTRY_URL="ftp:\/\/somewhere" must be an http or https URL/,
		);
	});
});
