import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, it, vi } from "vitest";
import { startOwnAgent } from "../../../local/own-agent.ts";
import { JOIN_TOKEN_HEADER } from "../../../worker/protocol/heartbeat.ts";
import { startOllama, startRouter } from "../agent/servers.ts";

const cleanups: (() => unknown)[] = [];

afterEach(async () => {
	for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
	vi.unstubAllEnvs();
});

it("the router's own agent joins with the token in force, not with the one in the file", async ({ expect }) => {
	const router = await startRouter(() => ({ body: { status: "ok", secret: "s3cret" } }));
	const ollama = await startOllama({ "/": "Ollama is running" });
	const dataDir = await mkdtemp(join(tmpdir(), "herd-own-"));
	cleanups.push(
		() => rm(dataDir, { recursive: true, force: true }),
		() => router.close(),
		() => ollama.close(),
	);
	await writeFile(join(dataDir, "join-token"), "of-the-file\n");
	vi.stubEnv("FLEET_NODE_OLLAMA_HOST", ollama.url);
	const agent = await startOwnAgent({ routerUrl: router.url, joinToken: "in-force", dataDir, say: () => undefined });
	cleanups.push(async () => {
		agent?.stop();
		while (!("leaving" in Object((await router.next()).body)));
	});
	expect((await router.nextBeat()).headers[JOIN_TOKEN_HEADER]).toBe("in-force");
});
