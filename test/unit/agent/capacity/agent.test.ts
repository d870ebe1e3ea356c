/** A whole agent on a machine at its limit: by the fleet's own request, then by its owner. */
import { mkdtemp, rm } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, it } from "vitest";
import { startAgent } from "../../../../agent/src/agent.ts";
import { systemClock } from "../../../../agent/src/clock.ts";
import { bareMachineReport } from "../../../../agent/src/machine-report.ts";
import { until } from "../../../journeys/until.ts";
import { answerJson, listen, startRouter } from "../servers.ts";

const SPEED = 100;
const STARTED_AT = Date.now();
/** A minute in less than a second. */
const HURRIED = {
	...systemClock,
	now: () => STARTED_AT + performance.now() * SPEED,
	pause: (ms: number, signal: AbortSignal) => systemClock.pause(ms / SPEED, signal),
};
const QUIET = { info: () => undefined, warn: () => undefined, error: () => undefined };
const GPU = { id: "0", name: "GPU", vendor: "apple", unified: true, utilization_ratio: 1 } as const;
/** Two minutes and a half of beats. */
const BEATS = 30;

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
	for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A safety net: it takes some seconds. */
const timeout = 60_000;

it("own requests at 100 % GPU keep nobody away, the owner's game does", { timeout }, async ({ expect }) => {
	const streams: ServerResponse[] = [];
	const router = await startRouter(() => ({ body: { status: "ok", secret: "s3cret" } }));
	const ollama = await listen((request, response) => {
		if (request.url !== "/api/chat")
			return answerJson(response, 200, request.url === "/api/version" ? { version: "0.33.0" } : { models: [] });
		response.write("begun");
		streams.push(response);
	});
	const dataDir = await mkdtemp(join(tmpdir(), "agent-owner-"));
	const fixed = { nodeId: "box", doorHost: "127.0.0.1", doorPort: 0, dataDir, log: QUIET };
	const machine = { ...bareMachineReport(""), failed_probes: [] };
	let gpus: (typeof GPU)[] = [];
	const agent = await startAgent(
		{
			...fixed,
			routerUrl: router.url,
			ollamaUrl: ollama.url,
			readMachine: async () => ({ ...machine, cpu: { utilization_ratio: gpus.length }, gpus }),
			readIdle: async () => 7_200_000,
			capacity: { learn: true, quietHours: [] },
		},
		HURRIED,
	);
	cleanups.push(
		() => rm(dataDir, { recursive: true }),
		() => router.close(),
		() => ollama.close(),
		() => agent.stop(0),
	);
	expect((await router.nextBeat()).capacity?.mode).toBe("bootstrap");
	const stream = await fetch(`${agent.doorUrl}/api/chat`, {
		method: "POST",
		headers: { authorization: "Bearer s3cret", "x-request-id": "r1" },
	});
	gpus = [GPU];
	for (let beats = 0; beats < BEATS; beats++) {
		const { capacity } = await router.nextBeat();
		expect(capacity).toMatchObject({ mode: "bootstrap" });
		expect(capacity?.availability_score).toBeGreaterThan(0.6);
	}
	for (const response of streams) response.end();
	await stream.text();
	await until("the owner's load is known for such", async () => (await router.nextBeat()).capacity?.reason === "sustained_high_load");
});
