import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "vitest";
import { checkVariables, environmentSources, parseEnvFile, readEnvironment } from "../../../local/environment.ts";
import { UserError } from "../../../local/user-error.ts";

describe("the env file", () => {
	it("takes export, quotes and comments, as the origin's did", ({ expect }) => {
		const text = "# a comment\nexport FLEET_PORT=1\nFLEET_A = 'two words'\nFLEET_B=\"x=y\"\n\nnot a line\n";
		expect(parseEnvFile(text)).toEqual({ FLEET_PORT: "1", FLEET_A: "two words", FLEET_B: "x=y" });
	});

	it("is beaten by the process environment, and only FLEET_ names are taken from either", ({ expect }) => {
		const folder = mkdtempSync(join(tmpdir(), "herd-env-"));
		writeFileSync(join(folder, "env"), "FLEET_AUTH=keys\nFLEET_MAX_RETRIES=1\nHOME=/nowhere\n");
		const found = readEnvironment(folder, { FLEET_AUTH: "open", PATH: "/bin" });
		rmSync(folder, { recursive: true });
		expect(found).toEqual({ FLEET_AUTH: "open", FLEET_MAX_RETRIES: "1" });
	});

	it("stays in force where a variable is set to nothing, and so do the data folder's secrets", ({ expect }) => {
		const folder = mkdtempSync(join(tmpdir(), "herd-env-"));
		writeFileSync(join(folder, "env"), "FLEET_MAX_RETRIES=1\nFLEET_NODE_TOKEN=\n");
		const found = readEnvironment(folder, { FLEET_MAX_RETRIES: "", FLEET_ADMIN_KEY: "", FLEET_ENV_FILE: "", FLEET_AUTH: " " });
		rmSync(folder, { recursive: true });
		expect(found).toEqual({ FLEET_MAX_RETRIES: "1" });
	});
});

it("tells which variables only the file has", ({ expect }) => {
	const folder = mkdtempSync(join(tmpdir(), "herd-env-"));
	writeFileSync(join(folder, "env"), "FLEET_AUTH=keys\nFLEET_MAX_RETRIES=1\n");
	const sources = environmentSources(folder, { FLEET_AUTH: "open" });
	rmSync(folder, { recursive: true });
	expect(sources).toEqual({ FLEET_AUTH: "env", FLEET_MAX_RETRIES: "file" });
});

describe("settings", () => {
	it("stop the start when a known name has a bad value, with name, value and what is allowed", ({ expect }) => {
		expect(() => checkVariables({ FLEET_AUTH: "maybe", FLEET_MAX_RETRIES: "two" })).toThrow(UserError);
		expect(() => checkVariables({ FLEET_AUTH: "maybe" })).toThrow('FLEET_AUTH="maybe" must be "open" or "keys"');
		expect(() => checkVariables({ FLEET_MAX_RETRIES: "-1" })).toThrow('FLEET_MAX_RETRIES="-1" must be at least 0');
	});

	it("warn about a name that nobody reads, with the nearest one, and start all the same", ({ expect }) => {
		expect(checkVariables({ FLEET_MAX_RETRY: "2" })).toEqual([
			"FLEET_MAX_RETRY is not a setting of this router and is ignored (did you mean FLEET_MAX_RETRIES?)",
		]);
		expect(checkVariables({ FLEET_SCORE_MODEL_HOT: "50" })).toHaveLength(1);
		expect(checkVariables({ FLEET_NODE_OLLAMA_HOST: "http://x", FLEET_PORT: "1" })).toEqual([]);
	});
});
