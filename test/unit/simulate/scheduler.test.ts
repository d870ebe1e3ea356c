import { describe, it } from "vitest";
import { noFaults } from "../../../agent/src/simulate/machine/faults.ts";
import { modelNamed } from "../../../agent/src/simulate/models.ts";
import { profileNamed } from "../../../agent/src/simulate/profiles.ts";
import { Scheduler, type Grant, type SchedulerSettings } from "../../../agent/src/simulate/machine/scheduler.ts";
import { versionRules } from "../../../agent/src/simulate/machine/version-rules.ts";
import { ManualClock } from "./manual-clock.ts";

const LOAD_MS = 60_000;
const SETTINGS: SchedulerSettings = {
	parallel: 1,
	maxLoaded: 3,
	maxQueue: 512,
	keepAliveMs: 300_000,
	contextLength: undefined,
	timeScale: 1,
};

interface Wish {
	keepAliveMs?: number;
	options?: Record<string, unknown>;
	signal?: AbortSignal;
}

function machine({
	profile = "mac-studio",
	settings = {},
	version = "0.32.15",
}: { profile?: string; settings?: Partial<SchedulerSettings>; version?: string } = {}) {
	const clock = new ManualClock();
	const faults = noFaults();
	const scheduler = new Scheduler({
		profile: profileNamed(profile),
		settings: { ...SETTINGS, ...settings },
		rules: versionRules(version),
		faults,
		clock,
	});
	const asked: { name: string; grant: Grant | undefined }[] = [];
	function ask(name: string, { keepAliveMs, options = {}, signal = new AbortController().signal }: Wish = {}) {
		const entry: { name: string; grant: Grant | undefined } = { name, grant: undefined };
		asked.push(entry);
		void scheduler
			.acquire({ name, model: modelNamed(name), digest: name, asked: { options }, keepAliveMs }, signal)
			.then((grant) => (entry.grant = grant));
		return entry;
	}
	async function loaded(name: string, wish: Wish = {}) {
		const entry = ask(name, wish);
		await clock.advance(LOAD_MS);
		if (entry.grant?.kind !== "granted") throw new Error(`${name} did not load`);
		return entry.grant.runner;
	}
	return { clock, faults, scheduler, ask, loaded, resident: () => scheduler.runners.map(({ name }) => name) };
}

it("sets no more timers once it has stopped, whatever ends later", async ({ expect }) => {
	const { loaded, scheduler, clock } = machine();
	const runner = await loaded("llama3.1:8b");
	scheduler.stop();
	scheduler.release(runner);
	expect(clock.pending).toBe(0);
});

describe("loading", () => {
	it("does not list a model before it is loaded, and takes the time its file takes", async ({ expect }) => {
		const { clock, ask, resident } = machine();
		const request = ask("llama3.1:8b");
		await clock.advance(1500);
		expect(resident()).toEqual([]);
		await clock.advance(500);
		expect(resident()).toEqual(["llama3.1:8b"]);
		expect(request.grant?.kind).toBe("granted");
	});

	it("loads one model at a time, while loaded ones go on serving", async ({ expect }) => {
		const { clock, ask, loaded } = machine();
		await loaded("llama3.2:3b");
		const big = ask("llama3.3:70b");
		const small = ask("llama3.1:8b");
		const warm = ask("llama3.2:3b");
		await clock.advance(8000);
		expect([big.grant, small.grant, warm.grant?.kind]).toEqual([undefined, undefined, "granted"]);
		await clock.advance(1000);
		expect([big.grant?.kind, small.grant]).toEqual(["granted", undefined]);
		await clock.advance(2000);
		expect(small.grant?.kind).toBe("granted");
	});

	it("is called off when the client that caused it leaves, and begun anew for the next", async ({ expect }) => {
		const { clock, ask } = machine();
		const client = new AbortController();
		const first = ask("llama3.1:8b", { signal: client.signal });
		const second = ask("llama3.1:8b");
		await clock.advance(1800);
		client.abort();
		await clock.advance(1800);
		expect([first.grant?.kind, second.grant]).toEqual(["abandoned", undefined]);
		await clock.advance(200);
		expect(second.grant?.kind).toBe("granted");
	});

	it("fails with the injected text", async ({ expect }) => {
		const { clock, faults, ask } = machine();
		faults.loadFailure = "llama-server process has terminated: exit status 1";
		const request = ask("llama3.1:8b");
		await clock.advance(LOAD_MS);
		expect(request.grant).toEqual({ kind: "refused", status: 500, text: "llama-server process has terminated: exit status 1" });
	});

	it("refuses what the machine can't hold", async ({ expect }) => {
		const { clock, ask } = machine({ profile: "nuc" });
		const request = ask("llama3.3:70b");
		await clock.advance(LOAD_MS);
		expect(request.grant).toMatchObject({ kind: "refused", status: 500 });
	});
});

describe("the queue", () => {
	it("holds one request in hand and as many more as allowed, and refuses the next at once", async ({ expect }) => {
		const { ask, clock } = machine({ settings: { maxQueue: 2 } });
		const requests = ["llama3.3:70b", "llama3.1:8b", "qwen2.5:32b", "gpt-oss:20b"].map((name) => ask(name));
		await clock.advance(10);
		expect(requests.map(({ grant }) => grant?.kind)).toEqual([undefined, undefined, undefined, "refused"]);
		expect(requests[3]?.grant).toMatchObject({ status: 503, text: "server busy, please try again.  maximum pending requests exceeded" });
	});

	it("never refuses a model that is loaded", async ({ expect }) => {
		const { ask, clock, loaded } = machine({ settings: { maxQueue: 1 } });
		await loaded("llama3.1:8b");
		const requests = Array.from({ length: 20 }, () => ask("llama3.1:8b"));
		await clock.advance(0);
		expect(requests.every(({ grant }) => grant?.kind === "granted")).toBe(true);
	});
});

describe("eviction", () => {
	it("waits for a busy model, while later requests for that model overtake", async ({ expect }) => {
		const { ask, clock, loaded, scheduler, resident } = machine({ settings: { maxLoaded: 1 } });
		const busy = await loaded("llama3.1:8b");
		const other = ask("llama3.2:3b");
		await clock.advance(5000);
		const overtaking = ask("llama3.1:8b");
		await clock.advance(0);
		expect([other.grant, overtaking.grant?.kind, resident()]).toEqual([undefined, "granted", ["llama3.1:8b"]]);
		scheduler.release(busy);
		await clock.advance(LOAD_MS);
		expect(other.grant).toBe(undefined);
		scheduler.release(busy);
		await clock.advance(LOAD_MS);
		expect([other.grant?.kind, resident()]).toEqual(["granted", ["llama3.2:3b"]]);
	});

	it("pushes out the idle model with the shortest keep-alive, a pinned one last", async ({ expect }) => {
		const { loaded, scheduler, resident } = machine({ settings: { maxLoaded: 2 } });
		scheduler.release(await loaded("llama3.1:8b", { keepAliveMs: Number.POSITIVE_INFINITY }));
		scheduler.release(await loaded("gpt-oss:20b"));
		await loaded("llama3.2:3b");
		expect(resident()).toEqual(["llama3.1:8b", "llama3.2:3b"]);
	});

	it("makes room where the next model would not fit beside", async ({ expect }) => {
		const { loaded, scheduler, resident } = machine({ profile: "gaming-pc" });
		scheduler.release(await loaded("gpt-oss:20b"));
		await loaded("llama3.1:8b");
		expect(resident()).toEqual(["llama3.1:8b"]);
	});
});

describe("keep-alive", () => {
	it("counts from the end of the last request, and the last explicit value stays in force", async ({ expect }) => {
		const { ask, clock, loaded, scheduler, resident } = machine();
		const runner = await loaded("llama3.1:8b", { keepAliveMs: 2000 });
		await clock.advance(10_000);
		scheduler.release(runner);
		await clock.advance(1900);
		ask("llama3.1:8b");
		await clock.advance(5000);
		scheduler.release(runner);
		await clock.advance(1900);
		expect(resident()).toEqual(["llama3.1:8b"]);
		await clock.advance(200);
		expect(resident()).toEqual([]);
	});

	it("lets a busy model finish after an unload, and serves who comes in between", async ({ expect }) => {
		const { ask, clock, loaded, scheduler, resident } = machine();
		const runner = await loaded("llama3.1:8b");
		scheduler.expire(modelNamed("llama3.1:8b"));
		const between = ask("llama3.1:8b");
		await clock.advance(0);
		expect([between.grant?.kind, resident()]).toEqual(["granted", ["llama3.1:8b"]]);
		scheduler.release(runner);
		scheduler.release(runner);
		expect(resident()).toEqual([]);
	});
});

describe("reloads", () => {
	async function reloads(version: string, before: Record<string, unknown>, after: Record<string, unknown>): Promise<boolean> {
		const { ask, clock, loaded, scheduler } = machine({ version, settings: { contextLength: 4096 } });
		scheduler.release(await loaded("llama3.2:3b", { options: before }));
		const request = ask("llama3.2:3b", { options: after });
		await clock.advance(0);
		return request.grant === undefined;
	}

	it("happen for another context, also when it is no longer asked for", async ({ expect }) => {
		expect(await reloads("0.32.15", {}, { num_ctx: 8192 })).toBe(true);
		expect(await reloads("0.32.15", { num_ctx: 8192 }, {})).toBe(true);
		expect(await reloads("0.32.15", {}, { num_ctx: 4096 })).toBe(false);
		expect(await reloads("0.32.15", { num_ctx: 8192 }, { num_ctx: 8192 })).toBe(false);
	});

	it("compare a context above the trained length uncapped before 0.30, and capped since", async ({ expect }) => {
		expect(await reloads("0.24.0", { num_ctx: 131_072 }, { num_ctx: 200_000 })).toBe(true);
		expect(await reloads("0.32.15", { num_ctx: 131_072 }, { num_ctx: 200_000 })).toBe(false);
	});

	it("happen for batch, threads and layers, not for sampling", async ({ expect }) => {
		expect(await reloads("0.32.15", {}, { num_batch: 64 })).toBe(true);
		expect(await reloads("0.32.15", {}, { num_thread: 2 })).toBe(true);
		expect(await reloads("0.32.15", {}, { num_gpu: 0 })).toBe(true);
		expect(await reloads("0.32.15", { num_gpu: 0 }, {})).toBe(false);
		expect(await reloads("0.32.15", {}, { temperature: 0, num_predict: 5, stop: ["x"], num_gpu: -1 })).toBe(false);
	});

	it("follow the version for memory mapping and the main GPU", async ({ expect }) => {
		expect(await reloads("0.24.0", {}, { use_mmap: false })).toBe(true);
		expect(await reloads("0.32.15", {}, { use_mmap: false })).toBe(false);
		expect(await reloads("0.32.15", {}, { use_mmap: true })).toBe(true);
		expect(await reloads("0.24.0", {}, { main_gpu: 0 })).toBe(false);
		expect(await reloads("0.32.15", {}, { main_gpu: 0 })).toBe(true);
	});

	it("happen when the runner has died unnoticed", async ({ expect }) => {
		const { ask, clock, loaded, scheduler, resident } = machine();
		scheduler.release(await loaded("llama3.1:8b"));
		scheduler.kill(modelNamed("llama3.1:8b"));
		expect(resident()).toEqual(["llama3.1:8b"]);
		const request = ask("llama3.1:8b");
		await clock.advance(0);
		expect(request.grant).toBe(undefined);
		await clock.advance(LOAD_MS);
		expect(request.grant?.kind).toBe("granted");
	});
});
