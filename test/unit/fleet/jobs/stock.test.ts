import { describe, it } from "vitest";
import { stockOf } from "../../../../worker/fleet/jobs/stock.ts";
import { fleetOf, GB, node } from "../../build-node.ts";

const DAY_S = 24 * 3600;
const NOW = 100 * DAY_S;

describe("what is on the disks", () => {
	it("is told with its use: loaded first, then the last used, and what nobody has used for a week is unused", ({ expect }) => {
		const alpha = node({
			installed: { "qwen3:8b": 5 * GB, "llama3.1:8b": 5 * GB, "old-model:7b": 4 * GB, "gemma3:4b": 3 * GB },
			resident: { "gemma3:4b": 4 * GB },
		});
		const used = (model: string, days: number) => ({ node_id: "alpha", model, requests: 3, last_used: NOW - days * DAY_S });
		const usage = [used("qwen3:8b", 8), used("llama3.1:8b", 6), { ...used("old-model:7b", 0), node_id: "beta" }];
		const [told] = stockOf(fleetOf(alpha), { usage, pinned: new Map([["alpha", new Set(["qwen3:8b"])]]), now: NOW * 1000 }).nodes;
		expect(told?.models.map(({ name, days_unused, unused, pinned }) => [name, days_unused, unused, pinned])).toEqual([
			["gemma3:4b", null, false, false],
			["llama3.1:8b", 6, false, false],
			["qwen3:8b", 8, true, true],
			["old-model:7b", null, true, false],
		]);
		expect(told?.models[2]).toMatchObject({ total_requests: 3, category: "general", size_gb: 4.66 });
		expect(told).toMatchObject({ node_id: "alpha", total_size_gb: 15.83, disk_available_gb: null });
	});
});
