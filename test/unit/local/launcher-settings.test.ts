import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, it } from "vitest";
import { launcherSettings, ownUrl, readLaunch } from "../../../local/launcher-settings.ts";
import { UserError } from "../../../local/user-error.ts";

let dataDir: string;

beforeAll(() => {
	dataDir = mkdtempSync(join(tmpdir(), "herd-launch-"));
	writeFileSync(join(dataDir, "env"), "FLEET_HOST=10.0.0.1\nFLEET_PORT=1001\nFLEET_LOG_LEVEL=warn\n");
});

afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

describe("where herd listens", () => {
	it("is said by flags before the environment, the env file and the defaults", ({ expect }) => {
		const environment = { FLEET_DATA_DIR: dataDir, FLEET_HOST: "10.0.0.2", FLEET_PORT: "1002" };
		expect(readLaunch({ host: "10.0.0.3", port: 0 }, environment)).toMatchObject({
			host: "10.0.0.3",
			port: 0,
			dataDir,
			flagged: { FLEET_HOST: "flag", FLEET_PORT: "flag" },
		});
		expect(readLaunch({}, environment)).toMatchObject({ host: "10.0.0.2", port: 1002, dataDir });
		expect(readLaunch({ dataDir }, { FLEET_DATA_DIR: "/nowhere" })).toMatchObject({ host: "10.0.0.1", port: 1001, dataDir });
		expect(readLaunch({ dataDir: join(dataDir, "other") }, {})).toMatchObject({ host: "0.0.0.0", port: 11435 });
	});

	it("is not changed by a variable set to nothing", ({ expect }) => {
		expect(readLaunch({ dataDir }, { FLEET_HOST: "", FLEET_PORT: " " })).toMatchObject({ host: "10.0.0.1", port: 1001 });
		expect(readLaunch({}, { FLEET_DATA_DIR: "", FLEET_ENV_FILE: join(dataDir, "env") }).dataDir).not.toBe("");
	});

	it("is reached on this machine by loopback, or by the one address it listens on", ({ expect }) => {
		expect([ownUrl("0.0.0.0", 1), ownUrl("::", 1)]).toEqual(["http://127.0.0.1:1", "http://127.0.0.1:1"]);
		expect([ownUrl("192.168.1.5", 1), ownUrl("::1", 1)]).toEqual(["http://192.168.1.5:1", "http://[::1]:1"]);
	});
});

describe("the launcher's variables", () => {
	it("with bad values are named with the value and what is allowed", ({ expect }) => {
		const bad = () => launcherSettings({ FLEET_PORT: "abc", FLEET_LOG_LEVEL: "constructor" });
		expect(bad).toThrow(UserError);
		expect(bad).toThrow('FLEET_PORT="abc" must be a whole number from 0 to 65535\nFLEET_LOG_LEVEL="constructor" must be one of trace,');
		expect(bad).toThrow(expect.objectContaining({ exitCode: 2 }));
	});

	it("take the log levels in the origin's words too", ({ expect }) => {
		expect(launcherSettings({ FLEET_LOG_LEVEL: "WARNING" }).logLevel).toBe("warn");
		expect(launcherSettings({ FLEET_LOG_LEVEL: "DEBUG" }).logLevel).toBe("debug");
		expect(launcherSettings({ FLEET_CONSOLE_LOG_LEVEL: "Critical" }).consoleLevel).toBe("fatal");
		expect(() => launcherSettings({ FLEET_CONSOLE_LOG_LEVEL: "loud" })).toThrow('FLEET_CONSOLE_LOG_LEVEL="loud" must be one of trace,');
	});
});
