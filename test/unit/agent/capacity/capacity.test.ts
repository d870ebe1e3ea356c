/** The owner's word, quiet hours and what was learned: which of them counts, and what outlives a restart. */
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "vitest";
import { Capacity, type CapacitySettings } from "../../../../agent/src/capacity/capacity.ts";
import { parseQuietHours } from "../../../../agent/src/capacity/quiet-hours.ts";
import { IdentityFile } from "../../../../agent/src/identity.ts";
import { CapacityReportSchema } from "../../../../worker/protocol/capacity.ts";
import { DAY, HOUR, MINUTE, MONDAY, type OwnerFacts, seen } from "./owner.ts";
import { zoneClock } from "./zone-clock.ts";

let dataDir = "";
let now = MONDAY;
let said: string[] = [];
const opened: Capacity[] = [];
beforeEach(async () => {
	dataDir = await mkdtemp(join(tmpdir(), "agent-capacity-"));
	[now, said] = [MONDAY, []];
});
/** Nothing is still being written. */
afterEach(async () => {
	for (const capacity of opened.splice(0)) await capacity.save();
	await rm(dataDir, { recursive: true });
});

async function open(settings: Partial<CapacitySettings> = {}) {
	const identity = await IdentityFile.open(dataDir, "box");
	const say = (line: string) => void said.push(line);
	const parts = { identity, dataDir, log: { info: say, warn: say, error: say }, now: () => now, wall: zoneClock("UTC") };
	const capacity = await Capacity.open({ ...parts, settings: { learn: false, quietHours: [], ...settings } });
	opened.push(capacity);
	const beat = (facts: OwnerFacts = {}, running = 0) => {
		capacity.observe(seen(facts), running);
		const report = capacity.report();
		if (report) CapacityReportSchema.parse(report);
		return report;
	};
	return { identity, capacity, beat };
}

describe("an owner who says nothing", () => {
	it("leaves all of the machine to the fleet, and nothing is stored of its week", async ({ expect }) => {
		const { beat, capacity } = await open();
		expect(beat({ gpu: 1, isThere: true, battery: true })).toBeUndefined();
		await capacity.save();
		expect(await readdir(dataDir)).toEqual(["agent-box.json"]);
	});
});

describe("the owner's word", () => {
	it("stands before all else, ends at its time, and outlives a restart", async ({ expect }) => {
		const quietHours = parseQuietHours("00:00-06:00") ?? [];
		const { identity, beat } = await open({ quietHours });
		expect(beat()).toMatchObject({ mode: "paused", reason: "quiet_hours", until: MONDAY + 6 * HOUR, override_active: true });
		await identity.keepPause({ until: MONDAY + 7 * HOUR });
		expect(beat()).toMatchObject({ mode: "paused", reason: "paused_by_owner", until: MONDAY + 7 * HOUR });
		const restarted = await open({ quietHours });
		now = MONDAY + 6.5 * HOUR;
		expect(restarted.beat()?.reason).toBe("paused_by_owner");
		now = MONDAY + 7 * HOUR;
		expect(restarted.beat()).toBeUndefined();
		expect(said).toEqual([
			expect.stringMatching(/^This machine takes nothing new: quiet hours until /),
			expect.stringMatching(/^This machine takes nothing new: it is paused until /),
			expect.stringMatching(/^This machine takes nothing new: it is paused until /),
			"This machine takes work again",
		]);
	});

	it("may be a number of places", async ({ expect }) => {
		const { beat } = await open({ maxPlaces: 2 });
		expect(beat()).toMatchObject({ mode: "full", max_places: 2, override_active: true });
	});
});

describe("what was learned", () => {
	it("does not mistake the load of a request that ran since the last beat", async ({ expect }) => {
		const { capacity, beat } = await open({ learn: true });
		for (let beats = 0; beats < 100; beats++) {
			now += 5_000;
			// In and out between two beats: none runs when they look
			capacity.noteOwnWork();
			expect(beat({ gpu: 1, cpu: 1 })?.mode).toBe("bootstrap");
		}
		for (let minutes = 0; minutes < 3; minutes++) {
			now += MINUTE;
			beat({ gpu: 1 });
		}
		expect(beat({ gpu: 1 })).toMatchObject({ mode: "paused", reason: "sustained_high_load" });
	});

	it("is there after a restart, and travels when it has changed or is asked for", async ({ expect }) => {
		const { capacity, beat } = await open({ learn: true });
		beat();
		for (let minutes = 0; minutes < 5; minutes++) {
			now += MINUTE;
			beat({ isThere: true });
		}
		expect(capacity.report()?.week?.[0]).toBe(60);
		await capacity.save();
		const again = await open({ learn: true });
		now += DAY;
		expect(again.beat()).toMatchObject({ days_observed: 1, week: expect.arrayContaining([60]) });
		expect(again.beat()).toHaveProperty("week");
		again.capacity.heard({ status: "ok" });
		expect(again.beat()).not.toHaveProperty("week");
		again.capacity.heard({ status: "ok", need_week: true });
		expect(again.beat()).toHaveProperty("week");
	});

	it.for(["", "{}", '{"first_at":1,"slots":[1]}', "\0\0\0"])("is begun anew when its file is damaged: %j", async (damage, { expect }) => {
		await writeFile(join(dataDir, "capacity-learner-box.json"), damage);
		const { capacity, beat } = await open({ learn: true });
		expect(beat()).toMatchObject({ mode: "bootstrap", days_observed: 0 });
		expect(said[0]).toContain("set aside");
		await Promise.all([capacity.save(), capacity.save()]);
		expect((await readdir(dataDir)).toSorted()).toEqual([
			"agent-box.json",
			"capacity-learner-box.json",
			"capacity-learner-box.json.unreadable",
		]);
	});
});
