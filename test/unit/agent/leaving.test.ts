/** How an agent goes at Ctrl-C while something runs, and how its owner drains it. */
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, it } from "vitest";
import { FarewellSchema, type Heartbeat, HeartbeatSchema } from "../../../worker/protocol/heartbeat.ts";
import { until } from "../../journeys/until.ts";
import { answerJson, listen, ONE_MODEL, startRouter, type TestRouter } from "./servers.ts";

const MAIN = fileURLToPath(new URL("../../../agent/src/main.ts", import.meta.url));
const AUTHORIZED = { authorization: "Bearer s3cret", "x-request-id": "r1" };

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
	for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

interface Machine {
	router: TestRouter;
	dataDir: string;
	/** An agent with the flags of this machine. */
	start(): Promise<{ child: ChildProcess; printed: () => string; doorUrl: string }>;
	/** `herd-agent WORD` here. */
	begin(...words: string[]): { child: ChildProcess; printed: () => string; ended: Promise<{ code: number; printed: string }> };
	/** The same, up to its end. */
	command(...words: string[]): Promise<{ code: number; printed: string }>;
	endStreams(): void;
}

async function machine(): Promise<Machine> {
	const streams: ServerResponse[] = [];
	const router = await startRouter(() => ({ body: { status: "ok", secret: "s3cret" } }));
	const ollama = await listen((request, response) => {
		const known = { "/api/ps": { models: [] }, "/api/tags": { models: [ONE_MODEL] }, "/api/version": { version: "0.33.0" } };
		const body = known[request.url as keyof typeof known];
		if (body) return answerJson(response, 200, body);
		response.write("begun ");
		streams.push(response);
	});
	const dataDir = await mkdtemp(join(tmpdir(), "agent-leaving-"));
	const here = ["--node-id", "box", "--data-dir", dataDir];
	cleanups.push(
		() => rm(dataDir, { recursive: true }),
		() => router.close(),
		() => ollama.close(),
	);
	const begin: Machine["begin"] = (...words) => {
		const child = fork(MAIN, [...words, ...here], { silent: true });
		cleanups.push(() => child.kill("SIGKILL"));
		const printed = printedBy(child);
		return { child, printed, ended: once(child, "close").then(([code]) => ({ code: Number(code), printed: printed() })) };
	};
	return {
		router,
		dataDir,
		async start() {
			const { child, printed } = begin("run", "--router-url", router.url, "--ollama-host", ollama.url, "--port", "0");
			const doorUrl = await until("it has joined", () => printed().includes("Joined the fleet") && /door +(\S+)/.exec(printed())?.[1]);
			return { child, printed, doorUrl };
		},
		begin,
		command: (...words) => begin(...words).ended,
		endStreams() {
			for (const stream of streams.splice(0)) stream.end("ended");
		},
	};
}

function printedBy({ stdout, stderr }: ChildProcess): () => string {
	let printed = "";
	for (const stream of [stdout, stderr]) stream?.on("data", (chunk: Buffer) => (printed += chunk.toString()));
	return () => printed;
}

const openStream = (doorUrl: string) => fetch(`${doorUrl}/api/chat`, { method: "POST", headers: AUTHORIZED });

async function beatThat(router: TestRouter, fits: (beat: Heartbeat) => boolean): Promise<Heartbeat> {
	for (;;) {
		const beat = HeartbeatSchema.safeParse((await router.next()).body);
		if (beat.success && fits(beat.data)) return beat.data;
	}
}

/** A safety net: each of them starts some processes. */
const timeout = 60_000;

describe("Ctrl-C", { timeout }, () => {
	it("waits for what runs and goes on beating; a second one cuts it off", async ({ expect }) => {
		const { router, start } = await machine();
		const { child, printed, doorUrl } = await start();
		const stream = await openStream(doorUrl);
		const exited = once(child, "exit");
		child.kill("SIGINT");
		expect(await beatThat(router, ({ draining }) => draining)).toMatchObject({ in_flight: ["r1"], at_work: ["r1"] });
		await until("it says what it waits for", () => printed().includes("1 request still runs, Ctrl-C again to cut it off"));
		expect((await openStream(doorUrl)).status).toBe(503);
		child.kill("SIGINT");
		expect(await exited).toEqual([130, null]);
		await expect(stream.text()).rejects.toThrow();
	});

	it("says farewell once what ran has ended, and the next start takes work", async ({ expect }) => {
		const { router, start, endStreams } = await machine();
		const { child, doorUrl } = await start();
		const stream = await openStream(doorUrl);
		const exited = once(child, "exit");
		child.kill("SIGINT");
		await beatThat(router, ({ draining }) => draining);
		endStreams();
		expect(await stream.text()).toBe("begun ended");
		expect(await exited).toEqual([0, null]);
		while (!FarewellSchema.safeParse((await router.next()).body).success);
		await start();
		expect(await beatThat(router, () => true)).toMatchObject({ draining: false });
	});

	it("is no second one when another signal follows, as from a parent that got it too", async ({ expect }) => {
		const { router, start, endStreams } = await machine();
		const { child, doorUrl } = await start();
		const stream = await openStream(doorUrl);
		const exited = once(child, "exit");
		child.kill("SIGINT");
		await beatThat(router, ({ draining }) => draining);
		child.kill("SIGTERM");
		child.disconnect();
		expect((await openStream(doorUrl)).status).toBe(503);
		endStreams();
		expect(await stream.text()).toBe("begun ended");
		expect(await exited).toEqual([0, null]);
	});
});

describe("herd-agent drain", { timeout }, () => {
	it("is beaten at once, waits for what runs if asked, and holds over restarts until resume", async ({ expect }) => {
		const { router, start, begin, command, endStreams, dataDir } = await machine();
		const { child, doorUrl } = await start();
		const stream = await openStream(doorUrl);
		const first = await command("drain");
		expect(first).toEqual({ code: 0, printed: "This machine takes nothing new; 1 request still runs\n" });
		expect(await beatThat(router, ({ draining }) => draining)).toMatchObject({ in_flight: ["r1"] });
		const waiting = begin("drain", "--wait");
		await until("it waits", () => waiting.printed().includes("1 request still runs"));
		endStreams();
		expect(await stream.text()).toBe("begun ended");
		expect(await waiting.ended).toMatchObject({
			code: 0,
			printed: expect.stringContaining("1 request still runs\nNothing runs here any more\n"),
		});

		const exited = once(child, "exit");
		child.kill("SIGTERM");
		await exited;
		expect(JSON.parse(await readFile(join(dataDir, "agent-box.json"), "utf8"))).toMatchObject({ draining: true, secret: "s3cret" });
		const again = await start();
		expect(again.printed()).toContain("This machine is drained");
		const beats = await beatThat(router, () => true);
		expect(beats.draining).toBe(true);
		expect((await openStream(again.doorUrl)).status).toBe(503);

		expect(await command("resume")).toEqual({ code: 0, printed: "This machine takes work again\n" });
		await beatThat(router, ({ draining }) => !draining);
		expect((await openStream(again.doorUrl)).status).toBe(200);
	});

	it("is kept for the next start when no agent runs", async ({ expect }) => {
		const { router, start, command } = await machine();
		const { child } = await start();
		child.kill("SIGKILL");
		await once(child, "exit");
		expect(await command("drain", "--wait")).toEqual({ code: 0, printed: "No agent runs here now; it will start drained\n" });
		await start();
		await beatThat(router, ({ draining }) => draining);
		await command("resume");
		await beatThat(router, ({ draining }) => !draining);
	});

	it("says that the router is away", async ({ expect }) => {
		const { router, start, command } = await machine();
		await start();
		await router.close();
		expect((await command("drain")).printed).toContain("The router is away");
	});

	it("says in one sentence that there is no such agent", async ({ expect }) => {
		const { command } = await machine();
		const { code, printed } = await command("drain");
		expect([code, printed]).toEqual([1, expect.stringMatching(/^herd-agent drain: no agent named "box" has run .*--node-id.*\n$/)]);
	});

	it("is one thing and pause another: the door stays open, the beat says paused, and resume ends both", async ({ expect }) => {
		const { router, start, command } = await machine();
		const { child, doorUrl } = await start();
		expect((await command("pause")).printed).toBe("This machine takes nothing new until herd-agent resume; nothing runs here\n");
		await beatThat(router, ({ capacity }) => capacity?.reason === "paused_by_owner");
		expect((await openStream(doorUrl)).status).toBe(200);
		await command("drain");
		child.kill("SIGKILL");
		await once(child, "exit");
		expect((await command("pause", "--for", "90m")).printed).toMatch(
			/^No agent runs here now; it will be paused until .*\d\d:\d\d when it starts\n$/,
		);
		await start();
		await beatThat(router, ({ draining, capacity }) => draining && capacity?.mode === "paused" && capacity.until !== undefined);
		expect((await command("resume")).printed).toBe("This machine takes work again\n");
		await beatThat(router, ({ draining, capacity }) => !draining && capacity === undefined);
	});

	it("is nobody's word without the secret", async ({ expect }) => {
		const { start } = await machine();
		const { doorUrl } = await start();
		expect((await fetch(`${doorUrl}/door/drain`, { method: "POST" })).status).toBe(401);
		expect((await fetch(`${doorUrl}/door/drain`, { headers: AUTHORIZED })).status).toBe(404);
		expect((await openStream(doorUrl)).status).toBe(200);
	});
});
