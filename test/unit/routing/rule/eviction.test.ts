import { describe, it } from "vitest";
import { noteArrival } from "../../../../worker/routing/rule/demand.ts";
import { keepS } from "../../../../worker/routing/rule/keep.ts";
import { remainingS } from "../../../../worker/routing/rule/remaining.ts";
import { predictEviction } from "../../../../worker/routing/rule/victims.ts";
import { openPair } from "../../../../worker/routing/estimate/estimates.ts";
import type { RuleNode } from "../../../../worker/routing/rule/view.ts";
import { job, LLAMA, learned, NOW, pass, placeOf, QWEN, ruleNode, waiting } from "./build-rule.ts";

const occupant = (model: string, facts: { isBusy?: boolean; isPinned?: boolean } = {}) => ({
	model,
	bytes: 10,
	isBusy: false,
	isPinned: false,
	...facts,
});
const names = (victims: readonly { model: string }[]) => victims.map(({ model }) => model);

describe("the models that a load pushes out", () => {
	it("are none where four fifths of the free memory suffice", ({ expect }) => {
		expect(predictEviction([occupant("a")], { neededBytes: 8, usableBytes: 20, maxLoaded: 3 }).victims).toEqual([]);
	});

	it("are idle before busy, short-lived before pinned, then by name, until it fits", ({ expect }) => {
		const occupants = [occupant("a", { isBusy: true }), occupant("b", { isPinned: true }), occupant("d"), occupant("c")];
		const { victims, isBlocked } = predictEviction(occupants, { neededBytes: 15, usableBytes: 40, maxLoaded: 5 });
		expect(names(victims)).toEqual(["c", "d"]);
		expect(isBlocked).toBe(false);
	});

	it("block the load while one of them is at work", ({ expect }) => {
		expect(predictEviction([occupant("a", { isBusy: true })], { neededBytes: 15, usableBytes: 20, maxLoaded: 3 }).isBlocked).toBe(true);
	});

	it("make room in the number of models, too, and only in that on a processor", ({ expect }) => {
		const occupants = [occupant("a"), occupant("b"), occupant("c")];
		expect(names(predictEviction(occupants, { neededBytes: 1e12, usableBytes: undefined, maxLoaded: 3 }).victims)).toEqual(["a"]);
	});
});

describe("a model's worth in memory", () => {
	const node = ruleNode({ id: "a", resident: { [LLAMA]: 6e9 } });
	const worth = (copies: number, knowledge = learned([node])) => keepS(node, LLAMA, { knowledge, copiesOf: () => copies, now: NOW });

	it("is nothing when nobody asks for it", ({ expect }) => {
		expect(worth(1)).toBe(0);
	});

	it("is a load when it is asked for, and less for each further copy", ({ expect }) => {
		const knowledge = () => {
			const known = learned([node]);
			for (let count = 0; count < 30; count++) noteArrival(known.demand, LLAMA, "interactive", NOW);
			return known;
		};
		expect(worth(1, knowledge())).toBeCloseTo(8);
		expect(worth(4, knowledge())).toBeCloseTo(2);
	});

	it("grows with the conversations it remembers, and those fade", ({ expect }) => {
		const finished = {
			nodeId: "a",
			model: LLAMA,
			marks: [{ hash: "x", tokens: 4000 }],
			promptTokens: 4000,
			answerTokens: 0,
			capacityTokens: 1e6,
		};
		const fresh = learned([node]);
		fresh.prefixes.remember({ ...finished, requestClass: "interactive", now: NOW });
		const old = learned([node]);
		old.prefixes.remember({ ...finished, requestClass: "interactive", now: NOW - 301_000 });
		expect(worth(1, fresh)).toBeCloseTo(2);
		expect(worth(1, old)).toBe(0);
	});
});

describe("a pinned model", () => {
	const full = ruleNode({ id: "fast", installed: { [QWEN]: 6e9 }, resident: { [LLAMA]: 6e9 }, maxLoaded: 1, bandwidthGbps: 900 });
	const other = ruleNode({ id: "slow", installed: { [QWEN]: 6e9 }, bandwidthGbps: 50 });
	const pinnedOn = (nodes: RuleNode[]) => {
		const knowledge = learned(nodes);
		knowledge.pinned.set("fast", new Set([LLAMA]));
		Object.assign(openPair(knowledge.estimates, "slow", QWEN), { loadS: { value: 90, samples: 9 } });
		return knowledge;
	};
	const chosen = (nodes: RuleNode[], knowledge: ReturnType<typeof learned>) => {
		const [outcome] = pass(nodes, [waiting({ model: QWEN })], { knowledge });
		return outcome?.kind === "refused" ? outcome.kind : outcome?.decision?.nodeId;
	};

	it("is not pushed out while another node can serve, however slow that is", ({ expect }) => {
		const knowledge = pinnedOn([full, other]);
		expect(chosen([full, other], knowledge)).toBe("slow");
		knowledge.pinned.clear();
		knowledge.keep.clear();
		expect(chosen([full, other], knowledge)).toBe("fast");
	});

	it("is not pushed out while another node is only busy", ({ expect }) => {
		const busy = { ...other, jobs: [job({ model: QWEN, expectedTokens: 5000 }), job({ model: QWEN, expectedTokens: 5000 })] };
		expect(chosen([full, busy], pinnedOn([full, busy]))).toBe("slow");
	});

	it("is pushed out where nobody else can serve at all", ({ expect }) => {
		expect(chosen([full], pinnedOn([full]))).toBe("fast");
	});
});

describe("what is left of a job", () => {
	const rates = { decodeTokensPerSecond: 100, prefillTokensPerSecond: 1000, loadS: 8 };

	it("shrinks as tokens stream, but never to nothing", ({ expect }) => {
		expect(remainingS(job({ expectedTokens: 500, elapsedS: 2 }), rates, NOW)).toBeCloseTo(3);
		expect(remainingS(job({ expectedTokens: 500, elapsedS: 60 }), rates, NOW)).toBeCloseTo(1.5);
	});

	it("follows a count of tokens where there is one", ({ expect }) => {
		expect(remainingS(job({ expectedTokens: 500, elapsedS: 60, streamedTokens: 100 }), rates, NOW)).toBeCloseTo(4);
	});

	it("is the rest of the estimate before the first token", ({ expect }) => {
		const { firstTokenAt: _, ...silent } = job({ elapsedS: 5, estimateS: 20 });
		expect(remainingS(silent, rates, NOW)).toBeCloseTo(15.5);
	});
});

describe("a model that has to go for a load", () => {
	const facts = { id: "a", installed: { [LLAMA]: 5e9, [QWEN]: 5e9 }, resident: { [LLAMA]: 6e9 }, usableGb: 9, numParallel: 2 };

	it("is gone for the rest of the pass: two models would push each other out in turn", ({ expect }) => {
		const outcomes = pass([ruleNode(facts)], [waiting({ id: "1", model: QWEN, since: NOW - 1000 }), waiting({ id: "2", model: LLAMA })]);
		expect(outcomes.map(placeOf)).toEqual(["a", "full"]);
		expect(outcomes[0]).toMatchObject({ kind: "assigned", job: { pushesOut: [LLAMA] } });
	});

	it("is gone while the load lasts, even if a beat from before still lists it", ({ expect }) => {
		const { firstTokenAt: _, ...loading } = job({ model: QWEN, pushesOut: [LLAMA] });
		expect(pass([ruleNode({ ...facts, jobs: [loading] })], [waiting()]).map(placeOf)).toEqual(["full"]);
	});

	it("is back once the beats say so", ({ expect }) => {
		const streaming = job({ model: QWEN, pushesOut: [LLAMA] });
		expect(pass([ruleNode({ ...facts, jobs: [streaming] })], [waiting()]).map(placeOf)).toEqual(["a"]);
	});
});
