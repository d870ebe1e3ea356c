import { describe, it } from "vitest";
import { completedBytes, isStalled, newJob, noteLine, startAt, totalBytes } from "../../../../worker/fleet/auto-pull/job.ts";

const job = () => newJob({ model: "new:7b", pullAs: "new:7b", sizeBytes: 1000 }, 0);
const layer = (digest: string, completed: number, total = 500) => ({ status: `pulling ${digest}`, digest, completed, total });

describe("a pull's progress", () => {
	it("adds up over the layers, against the registry's figure until theirs are larger", ({ expect }) => {
		const pull = job();
		noteLine(pull, { status: "pulling manifest" }, 1);
		noteLine(pull, layer("a", 100), 2);
		noteLine(pull, layer("a", 500), 3);
		noteLine(pull, layer("b", 20), 4);
		expect([completedBytes(pull), totalBytes(pull), pull.status]).toEqual([520, 1000, "pulling b"]);
		noteLine(pull, layer("c", 0, 600), 5);
		expect(totalBytes(pull)).toBe(1600);
	});

	it("begins anew at another node", ({ expect }) => {
		const pull = job();
		noteLine(pull, layer("a", 100), 2);
		startAt(pull, "second", 3);
		expect([completedBytes(pull), pull.nodeId]).toEqual([0, "second"]);
	});

	it("has stalled when nothing changed for a minute, however many lines came", ({ expect }) => {
		const pull = job();
		noteLine(pull, layer("a", 100), 1_000);
		noteLine(pull, layer("a", 100), 60_000);
		expect(isStalled(pull, 60_900)).toBe(false);
		expect(isStalled(pull, 61_100)).toBe(true);
		noteLine(pull, layer("a", 101), 61_100);
		expect(isStalled(pull, 61_100)).toBe(false);
	});

	it("may be silent for long while what came down is checked", ({ expect }) => {
		const pull = job();
		noteLine(pull, { status: "verifying sha256 digest" }, 0);
		expect(isStalled(pull, 300_000)).toBe(false);
		expect(isStalled(pull, 700_000)).toBe(true);
	});
});
