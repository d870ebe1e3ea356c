/** Work sent straight to a machine's Ollama, as its beats tell it. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, it } from "vitest";
import { startAgent } from "../../../../agent/src/agent.ts";
import type { AgentOptions } from "../../../../agent/src/agent.ts";
import { systemClock } from "../../../../agent/src/clock.ts";
import { bareMachineReport } from "../../../../agent/src/machine-report.ts";
import { machineReport, simulatedCounter } from "../../../../agent/src/simulate/machine.ts";
import { startSimulatedOllama } from "../../../../agent/src/simulate/server.ts";
import type { Heartbeat } from "../../../../worker/protocol/heartbeat.ts";
import { startRouter } from "../servers.ts";
import type { TestRouter } from "../servers.ts";

/** A hundred beats in the time of one. */
const HURRIED = { ...systemClock, pause: (ms: number, signal: AbortSignal) => systemClock.pause(ms / 100, signal) };
const QUIET = { info: () => undefined, warn: () => undefined, error: () => undefined };
const SECRET = "s3cret";

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
	for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function begin(options: Pick<AgentOptions, "ollamaUrl" | "readMachine" | "countExternal">) {
	const router = await startRouter(() => ({ body: { status: "ok", secret: SECRET } }));
	const dataDir = await mkdtemp(join(tmpdir(), "agent-external-"));
	const fixed = { nodeId: "box", token: "t", doorHost: "127.0.0.1", doorPort: 0, dataDir, log: QUIET };
	const agent = await startAgent({ ...fixed, routerUrl: router.url, ...options }, HURRIED);
	cleanups.push(
		() => rm(dataDir, { recursive: true, force: true }),
		() => router.close(),
		() => agent.stop(),
	);
	return { router, agent };
}

async function beatThat(router: TestRouter, fits: (beat: Heartbeat) => boolean): Promise<Heartbeat> {
	for (;;) {
		const beat = await router.nextBeat();
		if (fits(beat)) return beat;
	}
}

describe("a beat of a simulated machine", () => {
	it("tells the jobs that did not come through its door, until they end", async ({ expect }) => {
		const simulated = await startSimulatedOllama({ profile: "mac-studio" });
		cleanups.push(() => simulated.stop());
		const { router, agent } = await begin({
			ollamaUrl: simulated.url,
			readMachine: async () => machineReport(simulated.profile, simulated),
			countExternal: simulatedCounter(simulated),
		});
		const [model] = simulated.profile.models;
		const left = new AbortController();
		const ask = (url: string, headers: Record<string, string>) => {
			const body = JSON.stringify({ model, prompt: "Tell me everything", options: { num_predict: 100_000 } });
			void fetch(`${url}/api/generate`, { method: "POST", headers, body, signal: left.signal }).catch(() => undefined);
		};
		expect((await router.nextBeat()).external_jobs).toBe(0);
		ask(simulated.url, {});
		ask(simulated.url, { "x-request-id": "of-the-client's-own" });
		ask(agent.doorUrl, { authorization: `Bearer ${SECRET}`, "x-request-id": "of-the-router" });
		const busy = await beatThat(router, (beat) => beat.external_jobs === 2 && beat.in_flight.length === 1);
		expect(busy.in_flight).toEqual(["of-the-router"]);
		left.abort();
		await beatThat(router, (beat) => beat.external_jobs === 0 && beat.in_flight.length === 0);
	});
});

describe("a beat", () => {
	const bare = { ollamaUrl: "http://127.0.0.1:1", readMachine: async () => bareMachineReport("test") };

	it("says nothing of external jobs that cannot be counted", async ({ expect }) => {
		const { router } = await begin({ ...bare, countExternal: async () => undefined });
		expect(await router.nextBeat()).not.toHaveProperty("external_jobs");
	});

	it("does not go on telling a count that has begun to fail", async ({ expect }) => {
		let counts = 0;
		const { router } = await begin({
			...bare,
			countExternal: () => (counts++ === 0 ? Promise.resolve(3) : Promise.reject(new Error("no more"))),
		});
		expect((await router.nextBeat()).external_jobs).toBe(3);
		expect(await router.nextBeat()).not.toHaveProperty("external_jobs");
	});

	it("leaves without a count that hangs", async ({ expect }) => {
		const { router } = await begin({ ...bare, countExternal: () => new Promise(() => undefined) });
		expect(await router.nextBeat()).not.toHaveProperty("external_jobs");
	});
});
