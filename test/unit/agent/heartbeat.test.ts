import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, it } from "vitest";
import { startAgent } from "../../../agent/src/agent.ts";
import type { Agent, AgentOptions } from "../../../agent/src/agent.ts";
import type { Clock } from "../../../agent/src/clock.ts";
import { bareMachineReport } from "../../../agent/src/machine-report.ts";
import { startOllama, startRouter, ONE_MODEL } from "./servers.ts";
import type { TestServer } from "./servers.ts";

/** Time moves only when the test says so: every pause of the loop waits here. */
function handClock(): Clock & { nextPause(): Promise<number>; go(): void } {
	let resume: (() => void) | undefined;
	const pauses: number[] = [];
	const waiting: ((ms: number) => void)[] = [];
	return {
		now: () => 1_000,
		random: () => 1,
		pause(ms, signal) {
			if (signal.aborted) return Promise.resolve();
			const taker = waiting.shift();
			if (taker === undefined) pauses.push(ms);
			else taker(ms);
			return new Promise((resolve) => {
				resume = resolve;
				signal.addEventListener("abort", () => resolve(), { once: true });
			});
		},
		nextPause() {
			const ms = pauses.shift();
			return ms === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(ms);
		},
		go: () => resume?.(),
	};
}

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
	for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function tidied<T extends TestServer>(server: T): T {
	cleanups.push(() => server.close());
	return server;
}

async function folder(): Promise<string> {
	const path = await mkdtemp(join(tmpdir(), "agent-test-"));
	cleanups.push(() => rm(path, { recursive: true, force: true }));
	return path;
}

const readMachine = async () => bareMachineReport("test");
const lines: string[] = [];
const log = {
	info: (line: string) => lines.push(line),
	warn: (line: string) => lines.push(line),
	error: (line: string) => lines.push(line),
};

async function begin(
	options: Partial<AgentOptions> & { routerUrl: string },
	clock = handClock(),
): Promise<{ agent: Agent; clock: typeof clock }> {
	lines.length = 0;
	const ollamaUrl = options.ollamaUrl ?? tidied(await startOllama()).url;
	const dataDir = options.dataDir ?? (await folder());
	const agent = await startAgent(
		{ nodeId: "box", doorHost: "127.0.0.1", doorPort: 0, readMachine, log, ...options, ollamaUrl, dataDir },
		clock,
	);
	cleanups.push(() => agent.stop());
	return { agent, clock };
}

describe("joining", () => {
	it("joins with the token, keeps the secret, and needs no token after a restart", async ({ expect }) => {
		const router = tidied(
			await startRouter((_posted, count) => ({ body: { status: "ok", ...(count === 1 ? { secret: "s3cret" } : {}) } })),
		);
		const dataDir = await folder();
		const first = await begin({ routerUrl: router.url, dataDir, token: "join-me" });
		const hello = await router.nextBeat();
		expect(hello.headers["x-fleet-join-token"]).toBe("join-me");
		expect(hello.headers.authorization).toBeUndefined();
		await first.clock.nextPause();
		expect((await stat(join(dataDir, "agent-box.json"))).mode & 0o777).toBe(0o600);
		await first.agent.stop();
		await router.next();

		await begin({ routerUrl: router.url, dataDir });
		const again = await router.nextBeat();
		expect(again.headers.authorization).toBe("Bearer s3cret");
		expect(again.headers["x-fleet-join-token"]).toBeUndefined();
		expect(again.machine_id).toBe(hello.machine_id);
	});

	it("forgets a secret that the router does not know and joins again at once", async ({ expect }) => {
		const replies = [
			{ body: { status: "ok", secret: "old" } },
			{ status: 401, body: { error: "unknown_node" } },
			{ body: { status: "ok", secret: "new" } },
		];
		const router = tidied(await startRouter((_posted, count) => replies[count - 1] ?? { body: { status: "ok" } }));
		const dataDir = await folder();
		const { clock } = await begin({ routerUrl: router.url, token: "join-me", dataDir });
		await router.next();
		expect(await clock.nextPause()).toBe(5_000);
		clock.go();
		expect((await router.next()).headers.authorization).toBe("Bearer old");
		expect(await clock.nextPause()).toBe(0);
		clock.go();
		expect((await router.next()).headers["x-fleet-join-token"]).toBe("join-me");
		await clock.nextPause();
		expect(JSON.parse(await readFile(join(dataDir, "agent-box.json"), "utf8"))).toMatchObject({ secret: "new" });
	});

	it("shows its token beside a secret, which may be of another router", async ({ expect }) => {
		const router = tidied(
			await startRouter((_posted, count) => ({ body: { status: "ok", ...(count === 1 ? { secret: "s3cret" } : {}) } })),
		);
		const { clock } = await begin({ routerUrl: router.url, token: "join-me", dataDir: await folder() });
		await router.next();
		await clock.nextPause();
		clock.go();
		expect((await router.next()).headers).toMatchObject({ authorization: "Bearer s3cret", "x-fleet-join-token": "join-me" });
	});

	it("says once that it waits for approval, in the router's words", async ({ expect }) => {
		const message = "Approve it with: herd nodes approve box";
		const router = tidied(await startRouter(() => ({ body: { status: "pending", message } })));
		const { clock } = await begin({ routerUrl: router.url });
		await clock.nextPause();
		clock.go();
		await clock.nextPause();
		expect(lines.filter((line) => line.includes(message))).toHaveLength(1);
	});

	it("shows the router's text when another machine has this name, and goes on trying slowly", async ({ expect }) => {
		const error = "'box' is the name of another machine";
		const router = tidied(await startRouter(() => ({ status: 409, body: { error } })));
		const { clock } = await begin({ routerUrl: router.url });
		expect(await clock.nextPause()).toBe(30_000);
		clock.go();
		expect(await clock.nextPause()).toBe(30_000);
		expect(lines.filter((line) => line.includes(error))).toHaveLength(1);
	});
});

describe("what a beat carries", () => {
	it("lists the installed models only when they changed or were asked for", async ({ expect }) => {
		const router = tidied(
			await startRouter((_posted, count) => ({ body: { status: "ok", ...(count === 2 ? { need_models: true } : {}) } })),
		);
		const { clock } = await begin({ routerUrl: router.url });
		expect((await router.nextBeat()).ollama.models_available).toEqual([ONE_MODEL]);
		expect(await clock.nextPause()).toBe(5_000);
		clock.go();
		expect((await router.nextBeat()).ollama.models_available).toBeUndefined();
		expect(await clock.nextPause()).toBe(0);
		clock.go();
		expect((await router.nextBeat()).ollama.models_available).toEqual([ONE_MODEL]);
		expect(await clock.nextPause()).toBe(5_000);
	});

	it("names the door at the address that faces the router, or the advertised one", async ({ expect }) => {
		const router = tidied(await startRouter(() => ({ body: { status: "ok" } })));
		const { agent } = await begin({ routerUrl: router.url });
		expect((await router.nextBeat()).door_url).toBe(agent.doorUrl);
		await agent.stop();
		await begin({ routerUrl: router.url, advertiseUrl: "http://box.example:9999" });
		expect((await router.nextBeat()).door_url).toBe("http://box.example:9999");
	});

	it("leaves without a probe that hangs, and says so", async ({ expect }) => {
		const router = tidied(await startRouter(() => ({ body: { status: "ok" } })));
		await begin({ routerUrl: router.url, readMachine: () => new Promise(() => undefined) });
		const beat = await router.nextBeat();
		expect(beat.memory.total_bytes).toBeGreaterThan(0);
		expect(beat.failed_probes).toEqual([{ probe: "machine", reason: "has not answered yet" }]);
	});
});

describe("a router that is away", () => {
	it("is tried ever more rarely, with one line when it goes and one when it is back", async ({ expect }) => {
		const gone = await startRouter(() => ({ body: {} }));
		await gone.close();
		const { clock } = await begin({ routerUrl: gone.url });
		const pauses: number[] = [];
		for (let beat = 0; beat < 7; beat += 1) {
			pauses.push(await clock.nextPause());
			if (beat < 6) clock.go();
		}
		expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
		tidied(await startRouter(() => ({ body: { status: "ok" } }), gone.port));
		clock.go();
		expect(await clock.nextPause()).toBe(5_000);
		expect(lines.filter((line) => line.includes("router"))).toEqual([
			"The router is away (nothing listens there, ECONNREFUSED); trying on",
			"The router is back",
		]);
	});

	it("survives a router that closes its idle connection", async ({ expect }) => {
		const router = tidied(await startRouter(() => ({ body: { status: "ok" } })));
		const { clock } = await begin({ routerUrl: router.url });
		await clock.nextPause();
		router.server.closeAllConnections();
		clock.go();
		expect(await clock.nextPause()).toBe(5_000);
	});
});

describe("leaving", () => {
	it("says farewell with its secret", async ({ expect }) => {
		const router = tidied(await startRouter(() => ({ body: { status: "ok", secret: "s3cret" } })));
		const { agent, clock } = await begin({ routerUrl: router.url });
		const beat = await router.nextBeat();
		await clock.nextPause();
		await agent.stop();
		const farewell = await router.next();
		expect(farewell.body).toEqual({ node_id: "box", machine_id: beat.machine_id, leaving: true });
		expect(farewell.headers.authorization).toBe("Bearer s3cret");
	});
});
