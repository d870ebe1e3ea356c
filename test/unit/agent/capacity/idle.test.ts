/** Outputs as the systems' manuals and reports show them; `loginctl` as systemd 255 printed it. */
import { describe, it } from "vitest";
import { idleReader } from "../../../../agent/src/capacity/idle/idle.ts";
import { parseGdbus, parseSessions } from "../../../../agent/src/capacity/idle/linux.ts";
import { parseIoreg } from "../../../../agent/src/capacity/idle/macos.ts";
import { parseIdleMs } from "../../../../agent/src/capacity/idle/windows.ts";

const NOW = 1_767_600_000_000;
const session = (type: string, hint: string, idleMs: number | undefined, more = "Class=user\nRemote=no") =>
	`${more}\nType=${type}\nIdleHint=${hint}\nIdleSinceHint=${idleMs === undefined ? 0 : (NOW - idleMs) * 1000}\n`;

describe("since when nobody has touched the machine", () => {
	it("is what each system prints", ({ expect }) => {
		expect(parseIoreg('    | |   "HIDIdleTime" = 5123000000\n    | |   "HIDIdleTime" = 1\n')).toBe(5_123);
		expect(parseIoreg("")).toBeUndefined();
		expect(parseGdbus("(uint64 12345,)\n")).toBe(12_345);
		expect(parseIdleMs("4821\r\n")).toBe(4_821);
		expect(parseIdleMs("\r\n")).toBeUndefined();
	});

	it("is the least idle local person's, of logind's sessions", ({ expect }) => {
		expect(parseSessions([session("tty", "no", 90_000), session("x11", "yes", 600_000)].join("\n"), NOW)).toBe(90_000);
		expect(parseSessions(session("wayland", "no", 3_600_000), NOW)).toBe(0);
		// A desktop that never sets the hint, somebody from elsewhere, the log-in screen
		expect(parseSessions(session("x11", "no", undefined), NOW)).toBeUndefined();
		expect(parseSessions(session("tty", "no", 5_000, "Class=user\nRemote=yes"), NOW)).toBeUndefined();
		expect(parseSessions(session("x11", "no", 5_000, "Class=greeter\nRemote=no"), NOW)).toBeUndefined();
	});

	it("is asked once a minute, and unknown where asking fails", async ({ expect }) => {
		let now = 0;
		let asked = 0;
		const read = idleReader(
			"linux",
			() => now,
			async () => {
				asked += 1;
				if (asked > 1) throw new Error("gone");
				return 7;
			},
		);
		expect([await read(), await read(), asked]).toEqual([7, 7, 1]);
		now = 60_000;
		expect([await read(), asked]).toEqual([undefined, 2]);
		expect(await idleReader("aix", () => 0)()).toBeUndefined();
	});
});
