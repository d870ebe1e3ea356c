import { describe, it } from "vitest";
import { composeBeat } from "../../../../agent/src/heartbeat/compose.ts";
import type { Probe, Reading } from "../../../../agent/src/probes/probe.ts";
import { machineReader, readMachine } from "../../../../agent/src/probes/machine.ts";
import { thisMachine } from "../../../../agent/src/probes/host.ts";
import { ProbeRunner } from "../../../../agent/src/probes/runner.ts";
import { HeartbeatSchema } from "../../../../worker/protocol/heartbeat.ts";

function probe(read: Probe["read"], everyMs = 5_000): Probe {
	return { name: "test", platforms: ["linux"], everyMs, read };
}

const COOL: Reading = { thermal: { state: "nominal" } };

describe("a probe", () => {
	it("is read when it is due, and not before", async ({ expect }) => {
		let now = 0;
		let reads = 0;
		const runner = new ProbeRunner(
			probe(async () => {
				reads += 1;
				return COOL;
			}, 60_000),
			{ ...thisMachine, now: () => now },
		);
		for (now of [0, 5_000, 50_000, 60_000]) await runner.refresh();
		expect(reads).toBe(2);
	});

	it("keeps its last good value when it fails, and says how old that is", async ({ expect }) => {
		let now = 0;
		const answers = [async () => COOL, () => Promise.reject(new Error("driver lost"))];
		const runner = new ProbeRunner(
			probe(() => (answers.shift() ?? (async () => COOL))()),
			{ ...thisMachine, now: () => now },
		);
		await runner.refresh();
		expect(runner.failure).toBeUndefined();
		now = 5_000;
		await runner.refresh();
		expect(runner.reading).toEqual(COOL);
		expect(runner.failure).toEqual({ probe: "test", reason: "driver lost; last value is 5 s old" });
		now = 10_000;
		await runner.refresh();
		expect(runner.failure).toBeUndefined();
	});

	it("counts as failed after three seconds without an answer, is not started twice, and may still answer late", async ({ expect }) => {
		let now = 0;
		let reads = 0;
		let answer: ((reading: Reading) => void) | undefined;
		const runner = new ProbeRunner(
			probe(() => {
				reads += 1;
				return new Promise((resolve) => (answer = resolve));
			}),
			{ ...thisMachine, now: () => now },
		);
		const first = runner.refresh();
		now = 5_000;
		const second = runner.refresh();
		expect(reads).toBe(1);
		expect(runner.failure).toEqual({ probe: "test", reason: "no answer within 3 s" });
		answer?.(COOL);
		await Promise.all([first, second]);
		expect(runner.reading).toEqual(COOL);
		expect(runner.failure).toBeUndefined();
	});

	it("rests ten times as long as it took", async ({ expect }) => {
		let now = 0;
		let reads = 0;
		const runner = new ProbeRunner(
			probe(async () => {
				reads += 1;
				now += 2_000;
				return COOL;
			}),
			{ ...thisMachine, now: () => now },
		);
		await runner.refresh();
		now = 10_000;
		await runner.refresh();
		expect(reads).toBe(1);
		now = 20_000;
		await runner.refresh();
		expect(reads).toBe(2);
	});

	it("cannot spoil the beat with a value that the router would not take", async ({ expect }) => {
		const runner = new ProbeRunner(
			probe(async () => ({ cpu: { utilization_ratio: Number.NaN } })),
			thisMachine,
		);
		await runner.refresh();
		expect(runner.reading).toBeUndefined();
		expect(runner.failure?.reason).toContain("cpu.utilization_ratio");
	});

	it("that hangs costs nobody else's value", async ({ expect }) => {
		const read = machineReader([probe(() => new Promise(() => undefined)), probe(async () => COOL)], { ...thisMachine, platform: "linux" });
		expect((await read()).thermal).toEqual({ state: "nominal" });
	});
});

describe("this machine", () => {
	it("gives a beat that the contract accepts", async ({ expect }) => {
		const machine = await readMachine();
		const ollama = { state: "running" as const, settings: {}, models_loaded: [] };
		const beat = composeBeat({
			nodeId: "box",
			machineId: "0123456789abcdef",
			sentAt: 1,
			doorUrl: "http://192.0.2.1:11436",
			draining: false,
			inFlight: [],
			atWork: [],
			quiet: [],
			externalJobs: undefined,
			machine,
			machineFailure: undefined,
			ollama,
			capacity: undefined,
			withModels: true,
		});
		const { platform, memory } = HeartbeatSchema.parse(JSON.parse(JSON.stringify(beat)));
		expect(platform.os).toBe(process.platform);
		expect(memory.used_bytes).toBeGreaterThan(0);
	});
});
