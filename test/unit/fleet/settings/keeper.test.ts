import { describe, it } from "vitest";
import { Savings, type VaultEntry } from "../../../../worker/fleet/savings.ts";
import { SETTINGS_KEY, SettingsKeeper } from "../../../../worker/fleet/settings/keeper.ts";
import { overridesInForce } from "../../../../worker/settings/in-force.ts";

function open() {
	const disk = new Map<string, string>();
	const state = { isFull: false };
	const write = async (entries: readonly VaultEntry[]) => {
		if (state.isFull) throw new Error("database or disk is full");
		for (const [key, json] of entries) disk.set(key, json ?? "");
	};
	return { disk, state, keeper: new SettingsKeeper(new Savings(() => ({ write }))) };
}

const NO_CHANGES = () => [];
const saved = (disk: Map<string, string>) => JSON.parse(disk.get(SETTINGS_KEY) ?? "null") as { values: unknown } | null;

describe("changed settings", () => {
	it("are in force in this isolate at once, and read back as they were kept", async ({ expect }) => {
		const { disk, keeper } = open();
		await keeper.change(new Map([["FLEET_QUEUE_MAX", "5"]]), NO_CHANGES);
		expect(overridesInForce().values).toEqual({ FLEET_QUEUE_MAX: "5" });
		const again = open().keeper;
		again.restore(saved(disk));
		expect(again.overrides).toEqual({ version: 1, values: { FLEET_QUEUE_MAX: "5" } });
	});

	it("are taken back when the disk takes nothing, and stay so when it does again", async ({ expect }) => {
		const { disk, state, keeper } = open();
		await keeper.change(new Map([["FLEET_QUEUE_MAX", "5"]]), NO_CHANGES);
		state.isFull = true;
		await expect(keeper.change(new Map([["FLEET_QUEUE_MAX", "9"]]), NO_CHANGES)).rejects.toThrow("full");
		expect(overridesInForce().values).toEqual({ FLEET_QUEUE_MAX: "5" });
		state.isFull = false;
		await keeper.change(new Map([["FLEET_MAX_RETRIES", "1"]]), NO_CHANGES);
		expect(saved(disk)?.values).toEqual({ FLEET_QUEUE_MAX: "5", FLEET_MAX_RETRIES: "1" });
	});

	it("that this version would not take are left out after a restart", ({ expect }) => {
		const { keeper } = open();
		keeper.restore({ version: 3, values: { FLEET_QUEUE_MAX: "many", FLEET_GONE: "1" }, changes: [] });
		expect(keeper.overrides).toEqual({ version: 3, values: {} });
	});
});
