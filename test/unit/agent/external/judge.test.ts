import { describe, it } from "vitest";
import type { Connection, Traffic } from "../../../../agent/src/external/connection.ts";
import { isAtWork, judge } from "../../../../agent/src/external/judge.ts";
import type { Evidence } from "../../../../agent/src/external/judge.ts";

const WAITS: Traffic = { receivedMsAgo: 20_000 };
const WAITS_AGAIN: Traffic = { receivedMsAgo: 20_000, sentMsAgo: 60_000 };
const STREAMS: Traffic = { receivedMsAgo: 8_000, sentMsAgo: 200 };
const POOLED: Traffic = { receivedMsAgo: 30_010, sentMsAgo: 30_000 };
const JUST_LISTED: Traffic = { receivedMsAgo: 12, sentMsAgo: 2 };
const ENDED: Traffic = { receivedMsAgo: 40_000, sentMsAgo: 4_000 };

const connections = (...traffic: Traffic[]): Connection[] => traffic.map((one, index) => ({ client: `127.0.0.1:${index}`, traffic: one }));
const untold = (count: number): Connection[] => Array.from({ length: count }, (_, index) => ({ client: `127.0.0.1:${index}` }));
const evidence = (facts: Partial<Evidence>): Evidence => ({ hasOwnWork: false, at: 0, ...facts });
const jobs = (facts: Partial<Evidence>) => judge(evidence(facts), {}).jobs;

describe("a connection", () => {
	it("is at work while it waits for an answer, the first or a later one", ({ expect }) => {
		expect([WAITS, WAITS_AGAIN].map(isAtWork)).toEqual([true, true]);
	});

	it("is at work while an answer streams, and soon after its end no more", ({ expect }) => {
		expect(isAtWork(STREAMS)).toBe(true);
		expect(isAtWork({ receivedMsAgo: 8_000, sentMsAgo: 2_900 })).toBe(true);
		expect(isAtWork(ENDED)).toBe(false);
	});

	it("is not at work when it is kept for later, was never used, or just looked at a list", ({ expect }) => {
		expect([POOLED, {}, JUST_LISTED].map(isAtWork)).toEqual([false, false, false]);
	});
});

describe("external jobs, where the system tells what went over a connection", () => {
	const mixed = connections(WAITS, WAITS_AGAIN, STREAMS, POOLED, JUST_LISTED, {});

	it("are the connections at work", ({ expect }) => {
		expect(jobs({ connections: mixed, runnerLoad: 0.9 })).toBe(3);
		expect(jobs({ connections: mixed, gpuLoad: 0.9 })).toBe(3);
		expect(jobs({ connections: mixed })).toBe(3);
	});

	it("are counted beside work of our own", ({ expect }) => {
		expect(jobs({ connections: mixed, runnerLoad: 0.9, hasOwnWork: true })).toBe(3);
		expect(jobs({ connections: connections(POOLED, ENDED), runnerLoad: 0.9, gpuLoad: 1, hasOwnWork: true })).toBe(0);
	});

	it("are none while all that could do them rests", ({ expect }) => {
		expect(jobs({ connections: mixed, runnerLoad: 0 })).toBe(0);
		expect(jobs({ connections: mixed, gpuLoad: 0.04 })).toBe(0);
		expect(jobs({ connections: mixed, runnerLoad: 0, gpuLoad: 0.9 })).toBe(3);
		expect(jobs({ connections: mixed, runnerLoad: 0.9, gpuLoad: 0 })).toBe(3);
	});

	it("are none without a connection, however busy the GPU", ({ expect }) => {
		expect(judge(evidence({ connections: [], gpuLoad: 1, at: 60_000 }), { busySince: 0 })).toEqual({ jobs: 0 });
	});
});

describe("external jobs, where it does not", () => {
	const busy = { connections: untold(3), gpuLoad: 0.95 };

	it("are one from the second busy beat on, and none when it rests", ({ expect }) => {
		const first = judge(evidence({ ...busy, at: 1_000 }), {});
		expect(first).toEqual({ jobs: 0, busySince: 1_000 });
		const early = judge(evidence({ ...busy, at: 1_500 }), first);
		expect(early.jobs).toBe(0);
		const second = judge(evidence({ ...busy, at: 6_000 }), early);
		expect(second).toEqual({ jobs: 1, busySince: 1_000 });
		expect(judge(evidence({ ...busy, gpuLoad: 0.1, at: 11_000 }), second)).toEqual({ jobs: 0 });
	});

	it("are none with work of our own, which keeps the machine busy too", ({ expect }) => {
		expect(judge(evidence({ ...busy, hasOwnWork: true, at: 9_000 }), { busySince: 0 })).toEqual({ jobs: 0 });
	});

	it("are one also where connections are not to be seen at all", ({ expect }) => {
		expect(judge(evidence({ gpuLoad: 0.95, at: 9_000 }), { busySince: 0 }).jobs).toBe(1);
		expect(judge(evidence({ runnerLoad: 1.5, at: 9_000 }), { busySince: 0 }).jobs).toBe(1);
	});

	it("are none when the GPU is busy with something else than the runner", ({ expect }) => {
		expect(judge(evidence({ ...busy, runnerLoad: 0, at: 9_000 }), { busySince: 0 })).toEqual({ jobs: 0 });
	});

	it("are not known without anything to judge by", ({ expect }) => {
		expect(judge(evidence({ connections: untold(1) }), { busySince: 0 })).toEqual({});
	});
});
