import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, it } from "vitest";
import { AGENT_VERSION } from "../../../agent/src/version.ts";
import { startOllama, startRouter } from "./servers.ts";
import type { TestRouter } from "./servers.ts";

const MAIN = fileURLToPath(new URL("../../../agent/src/main.ts", import.meta.url));

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
	for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

interface Running {
	child: ChildProcess;
	router: TestRouter;
	dataDir: string;
	printed: () => string;
}

async function run(port = "0"): Promise<Running> {
	const [router, ollama] = await Promise.all([startRouter(() => ({ body: { status: "ok", secret: "s3cret" } })), startOllama()]);
	const dataDir = await mkdtemp(join(tmpdir(), "agent-run-"));
	const args = ["--router-url", router.url, "--ollama-host", ollama.url, "--node-id", "box", "--port", port, "--data-dir", dataDir];
	const child = fork(MAIN, args, { silent: true });
	cleanups.push(
		() => rm(dataDir, { recursive: true }),
		() => router.close(),
		() => ollama.close(),
		() => child.kill("SIGKILL"),
	);
	let printed = "";
	for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk: Buffer) => (printed += chunk.toString()));
	return { child, router, dataDir, printed: () => printed };
}

describe("herd-agent", () => {
	it("has the version of its package", async ({ expect }) => {
		const manifest = createRequire(import.meta.url)("../../../agent/package.json") as { version: string };
		expect(AGENT_VERSION).toBe(manifest.version);
	});

	it("shows what it is, beats, and leaves cleanly on a signal", async ({ expect }) => {
		const { child, router, dataDir, printed } = await run();
		const beat = await router.nextBeat();
		expect(beat).toMatchObject({ node_id: "box", ollama: { state: "running" } });
		while (!printed().includes("Joined the fleet")) await once(child.stdout ?? child, "data");
		const exited = once(child, "exit");
		child.kill("SIGTERM");
		expect((await router.next()).body).toMatchObject({ leaving: true });
		expect(await exited).toEqual([0, null]);
		expect(printed()).toContain(`router  ${router.url}`);
		expect(printed()).not.toContain("\u001B[");
		expect(printed()).not.toContain("s3cret");
		const logged = (await readFile(join(dataDir, "logs", "herd-node.jsonl"), "utf8")).trim().split("\n");
		expect(logged.map((line) => JSON.parse(line) as { msg: string })).toContainEqual(
			expect.objectContaining({ msg: "Joined the fleet", node_id: "box" }),
		);
	});

	it("ends with the process that started it", async ({ expect }) => {
		const { child, router } = await run();
		await router.nextBeat();
		const exited = once(child, "exit");
		child.disconnect();
		expect((await router.next()).body).toMatchObject({ leaving: true });
		expect(await exited).toEqual([0, null]);
	});

	it("says in one sentence that its port is taken", async ({ expect }) => {
		const taken = await startOllama();
		cleanups.push(() => taken.close());
		// The door listens on all addresses, where the other program holds one: Linux refuses that as well.
		const { child, printed } = await run(String(taken.port));
		expect(await once(child, "exit")).toEqual([1, null]);
		expect(printed().trim().split("\n")).toEqual([expect.stringContaining(`port ${taken.port} is taken`)]);
	});
});
