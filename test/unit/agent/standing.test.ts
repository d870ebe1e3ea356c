import { describe, it } from "vitest";
import { doorUrlAt } from "../../../agent/src/heartbeat/door-url.ts";
import { judge, printable } from "../../../agent/src/heartbeat/outcome.ts";
import { backoffMs, follow } from "../../../agent/src/heartbeat/standing.ts";
import type { HeartbeatReply } from "../../../worker/protocol/heartbeat.ts";

function accepted(reply: Partial<HeartbeatReply>) {
	return {
		outcome: { kind: "accepted" as const, reply: { status: "ok" as const, ...reply } },
		saidDraining: false,
		modelsHeldBack: false,
		draw: 0,
	};
}

describe("what an answer means", () => {
	it("tells a router's refusals from one that is away", ({ expect }) => {
		expect(judge({ status: 200, text: '{"status":"ok","later":1}' }, true)).toMatchObject({ kind: "accepted" });
		expect(judge({ status: 401, text: '{"error":"unknown_node"}' }, true)).toEqual({ kind: "secret-refused" });
		expect(judge({ status: 401, text: '{"error":"bad token"}' }, false)).toEqual({ kind: "refused", text: "bad token (401)" });
		expect(judge({ status: 409, text: '{"error":"taken"}' }, true)).toEqual({ kind: "name-taken", text: "taken" });
		expect(judge({ status: 404, text: "404 page not found" }, true)).toMatchObject({
			kind: "away",
			reason: expect.stringContaining("--router-url"),
		});
		expect(judge({ status: 503, text: "" }, true)).toMatchObject({ kind: "away" });
		expect(judge({ status: 200, text: "<html>" }, true)).toMatchObject({ kind: "away", reason: expect.stringContaining("not a router") });
	});

	it("prints nothing that could move a terminal's cursor", ({ expect }) => {
		expect(printable("a\u001B[2Jb\r\nc")).toBe("a [2Jb c");
	});
});

describe("where this machine stands", () => {
	it("speaks when something changes, and not while it stays", ({ expect }) => {
		const joined = follow({ kind: "new" }, accepted({}));
		expect(joined.say?.message).toBe("Joined the fleet");
		expect(follow(joined.standing, accepted({})).say).toBeUndefined();
		const draining = follow(joined.standing, accepted({ status: "draining" }));
		expect(draining.say?.message).toContain("drains");
		expect(follow(draining.standing, accepted({ status: "draining" })).say).toBeUndefined();
		expect(follow(draining.standing, accepted({})).say?.message).toContain("again");
	});

	it("leaves it to the owner's own words when the owner drains it", ({ expect }) => {
		const own = { ...accepted({ status: "draining" }), saidDraining: true };
		const joined = follow({ kind: "new" }, own);
		expect(joined.say?.message).toBe("Joined the fleet");
		expect(follow(joined.standing, own).say).toBeUndefined();
		expect(follow(joined.standing, accepted({})).say).toBeUndefined();
		// Drained at the router beside: said once the owner's own word no longer stands before it
		expect(follow(joined.standing, accepted({ status: "draining" })).say?.message).toContain("The router drains");
	});

	it("hurries only when it has what the router wants", ({ expect }) => {
		const wanted = accepted({ need_models: true });
		expect(follow({ kind: "new" }, wanted).delayMs).toBe(5_000);
		expect(follow({ kind: "new" }, { ...wanted, modelsHeldBack: true }).delayMs).toBe(0);
	});

	it("backs off between one second and thirty, with jitter", ({ expect }) => {
		expect([1, 2, 5, 6, 50].map((failures) => backoffMs(failures, 1))).toEqual([1_000, 2_000, 16_000, 30_000, 30_000]);
		expect([1, 2, 5, 6, 50].map((failures) => backoffMs(failures, 0))).toEqual([1_000, 1_000, 8_000, 15_000, 15_000]);
	});
});

describe("the door's address", () => {
	it.for([
		["192.168.1.20", "http://192.168.1.20:11436"],
		["::ffff:192.168.1.20", "http://192.168.1.20:11436"],
		["fd00::5", "http://[fd00::5]:11436"],
		["fe80::1%en0", "http://[fe80::1]:11436"],
	] as const)("of a socket at %s", ([address, url], { expect }) => {
		expect(doorUrlAt(address, 11_436)).toBe(url);
	});
});
