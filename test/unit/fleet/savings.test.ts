import { describe, it } from "vitest";
import { Savings, type VaultEntry } from "../../../worker/fleet/savings.ts";

/** A vault on a disk that may be full. */
function vaultOn(disk: { isFull: boolean }) {
	const calls: string[][] = [];
	const kept = new Map<string, string>();
	const write = async (entries: readonly VaultEntry[]) => {
		calls.push(entries.map(([key]) => key));
		if (disk.isFull) throw new Error("no space");
		for (const [key, json] of entries) {
			if (json === undefined) kept.delete(key);
			else kept.set(key, json);
		}
	};
	return { calls, kept, vault: () => ({ write }) };
}

describe("what is to outlive a restart", () => {
	it("is written together when it comes together, the newest of each key", async ({ expect }) => {
		const { calls, kept, vault } = vaultOn({ isFull: false });
		const savings = new Savings(vault);
		savings.put("a", 1);
		savings.put("b", 2);
		savings.put("a", 3);
		await savings.settled();
		expect([calls, [...kept]]).toEqual([
			[["a", "b"]],
			[
				["a", "3"],
				["b", "2"],
			],
		]);
	});

	it("is as it was when it was put", async ({ expect }) => {
		const { kept, vault } = vaultOn({ isFull: false });
		const savings = new Savings(vault);
		const value = { speed: 1 };
		savings.put("a", value);
		value.speed = 2;
		await savings.settled();
		expect(kept.get("a")).toBe('{"speed":1}');
	});

	it("waits while the disk is full, and is written with whatever comes next", async ({ expect }) => {
		const disk = { isFull: true };
		const { kept, vault } = vaultOn(disk);
		const savings = new Savings(vault);
		savings.put("a", 1);
		await expect(savings.settled()).rejects.toThrow("no space");
		disk.isFull = false;
		savings.put("b", 2);
		await savings.settled();
		expect([...kept.keys()].toSorted()).toEqual(["a", "b"]);
	});

	it("is not written over by an older value that was refused meanwhile", async ({ expect }) => {
		const disk = { isFull: true };
		const { kept, vault } = vaultOn(disk);
		const savings = new Savings(vault);
		savings.put("a", "old");
		const refused = savings.settled();
		savings.put("a", undefined);
		await refused.catch(() => undefined);
		disk.isFull = false;
		await savings.settled();
		expect(kept.has("a")).toBe(false);
	});

	it("goes in calls that the vault can take", async ({ expect }) => {
		const { calls, kept, vault } = vaultOn({ isFull: false });
		const savings = new Savings(vault);
		for (let index = 0; index < 250; index++) savings.put(`key-${index}`, index);
		await savings.settled();
		expect([calls.map(({ length }) => length), kept.size]).toEqual([[100, 100, 50], 250]);
	});
});
