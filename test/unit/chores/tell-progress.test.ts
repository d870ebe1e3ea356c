import { describe, it } from "vitest";
import { ProgressTeller } from "../../../worker/chores/tell-progress.ts";
import type { PullLine } from "../../../worker/protocol/manage.ts";

function open() {
	const clock = { now: 0 };
	const told: PullLine[][] = [];
	const teller = new ProgressTeller({ now: () => clock.now, tell: (lines) => void told.push([...lines]) });
	const see = (text: string) => teller.see(new TextEncoder().encode(text));
	return { clock, told, see };
}

describe("the progress of a client's pull", () => {
	it("is told at once, then every half second, with the latest line of each layer", ({ expect }) => {
		const { clock, told, see } = open();
		see('{"status":"pulling manifest"}\n{"status":"pulling a","digest":"a","total":9,"comp');
		see('leted":1}\n{"status":"pulling a","digest":"a","total":9,"completed":4}\nno json\n');
		clock.now = 500;
		see('{"status":"pulling b","digest":"b","total":5,"secret":"x"}\n');
		expect(told).toEqual([
			[{ status: "pulling manifest" }],
			[
				{ status: "pulling a", digest: "a", total: 9, completed: 4 },
				{ status: "pulling b", digest: "b", total: 5 },
			],
		]);
	});
});
