import { createServer } from "node:net";
import { once } from "node:events";
import { afterEach, describe, it } from "vitest";
import { isForPort, parseProcEnviron, parseSystemdEnvironment, settingsOf } from "../../../../agent/src/ollama/environment.ts";
import { ollamaLine } from "../../../../agent/src/ollama/state-line.ts";
import { OllamaWatch } from "../../../../agent/src/ollama/watch.ts";
import { answerJson, listen, ONE_MODEL, startOllama, textOf } from "../servers.ts";
import type { TestServer } from "../servers.ts";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
	for (const cleanup of cleanups.splice(0)) await cleanup();
});

function watchAt(ollamaUrl: string, installed = true): OllamaWatch {
	return new OllamaWatch({ ollamaUrl, now: Date.now, readSettings: async () => ({ num_parallel: 2 }), isInstalled: async () => installed });
}

function tidied(server: TestServer): TestServer {
	cleanups.push(() => server.close());
	return server;
}

const RESIDENT = { name: "tiny:latest", size: 5, size_vram: 5, expires_at: "2026-01-01T00:00:00Z", context_length: 4096, extra: "kept" };

describe("what Ollama is doing", () => {
	it("reports Ollama's own entries untouched, with version and settings", async ({ expect }) => {
		const ollama = tidied(await startOllama({ "/api/ps": { models: [RESIDENT] } }));
		const report = await watchAt(ollama.url).read();
		expect(report).toEqual({
			state: "running",
			version: "0.33.0",
			settings: { num_parallel: 2 },
			models_loaded: [RESIDENT],
			models_available: [ONE_MODEL],
		});
		expect(Object.keys(report.models_loaded[0] ?? {})).toEqual(Object.keys(RESIDENT));
	});

	it("tells a machine without Ollama from one where it does not run, and a crash from both", async ({ expect }) => {
		const ollama = await startOllama({ "/api/ps": { models: [RESIDENT] } });
		const watch = watchAt(ollama.url);
		await watch.read();
		await ollama.close();
		expect(await watch.read()).toMatchObject({ state: "crashed", models_loaded: [] });
		expect((await watchAt(ollama.url).read()).state).toBe("stopped");
		expect((await watchAt(ollama.url, false).read()).state).toBe("not-installed");
	});

	it("keeps the last list of loaded models while Ollama does not answer in time", async ({ expect }) => {
		let hangs = false;
		const ollama = tidied(
			await listen((request, response) => {
				if (request.url === "/api/ps" && hangs) return;
				answerJson(response, 200, request.url === "/api/ps" ? { models: [RESIDENT] } : { models: [], version: "1" });
			}),
		);
		const watch = watchAt(ollama.url);
		await watch.read();
		hangs = true;
		expect(await watch.read()).toMatchObject({ state: "busy", models_loaded: [RESIDENT] });
	});

	it("is starting while it listens and does not answer yet, and its settings are read anew", async ({ expect }) => {
		const ollama = await startOllama();
		const readings: boolean[] = [];
		const watch = new OllamaWatch({
			ollamaUrl: ollama.url,
			now: Date.now,
			isInstalled: async () => true,
			async readSettings(anew) {
				readings.push(anew);
				return {};
			},
		});
		await watch.read();
		await watch.read();
		await ollama.close();
		expect((await watch.read()).state).toBe("crashed");
		let answers = false;
		tidied(
			await listen((_, response) => {
				if (answers) answerJson(response, 200, { models: [], version: "0.33.0" });
			}, ollama.port),
		);
		expect((await watch.read()).state).toBe("starting");
		answers = true;
		expect((await watch.read()).state).toBe("running");
		expect(readings).toEqual([true, false, true]);
	});

	it("is too old when it can't tell what is in memory", async ({ expect }) => {
		const ollama = tidied(
			await listen((request, response) => {
				if (request.url === "/api/ps") response.writeHead(404, { "content-type": "text/plain" }).end("404 page not found");
				else answerJson(response, 200, { models: [ONE_MODEL], version: "0.1.32" });
			}),
		);
		const report = await watchAt(ollama.url).read();
		expect(report).toMatchObject({ state: "too-old", version: "0.1.32", models_loaded: [] });
		expect(ollamaLine(report)).toContain("Ollama 0.1.32 is too old");
	});

	it("is not fooled by a port that takes connections and says nothing of use", async ({ expect }) => {
		const other = createServer((socket) => void socket.end("hello\r\n")).listen(0, "127.0.0.1");
		await once(other, "listening");
		cleanups.push(() => other.close());
		const address = other.address();
		const port = typeof address === "object" && address !== null ? address.port : 0;
		const report = await watchAt(`http://127.0.0.1:${port}`).read();
		expect(report.state).toBe("busy");
		expect(report.models_available).toBeUndefined();
	});
});

describe("capabilities", () => {
	it("asks for what an entry leaves out, and leaves the rest as Ollama wrote it", async ({ expect }) => {
		const details = { ...ONE_MODEL.details, context_length: 2048 };
		const { capabilities: _, ...silent } = { ...ONE_MODEL, details };
		const ollama = tidied(
			await startOllama({
				"/api/tags": { models: [silent] },
				"/api/show": {
					capabilities: ["completion"],
					model_info: { "general.architecture": "llama", "llama.context_length": 131_072 },
				},
			}),
		);
		const watch = watchAt(ollama.url);
		await watch.read();
		expect((await watch.read()).models_available).toEqual([{ ...silent, capabilities: ["completion"] }]);
	});

	it("asks an older Ollama once per digest and adds what it says", async ({ expect }) => {
		const asked: string[] = [];
		const { capabilities: _, ...silent } = ONE_MODEL;
		const handle = async (request: Parameters<Parameters<typeof listen>[0]>[0], response: Parameters<Parameters<typeof listen>[0]>[1]) => {
			if (request.url === "/api/show") asked.push(await textOf(request));
			const info = { "general.architecture": "llama", "llama.context_length": 131_072 };
			if (request.url === "/api/show") answerJson(response, 200, { capabilities: ["completion", "tools"], model_info: info });
			else
				answerJson(response, 200, request.url === "/api/tags" ? { models: [silent, { ...silent, name: "alias:latest" }] } : { models: [] });
		};
		const ollama = tidied(await listen((request, response) => void handle(request, response)));
		const watch = watchAt(ollama.url);
		await watch.read();
		const { models_available: models } = await watch.read();
		expect(models?.map(({ capabilities }) => capabilities)).toEqual([
			["completion", "tools"],
			["completion", "tools"],
		]);
		expect(models?.[0]?.details).toEqual({ ...ONE_MODEL.details, context_length: 131_072 });
		expect(asked).toHaveLength(1);
	});
});

describe("settings", () => {
	it("reads a process's environment", ({ expect }) => {
		const environment = parseProcEnviron("PATH=/usr/bin\0OLLAMA_NUM_PARALLEL=4\0OLLAMA_KEEP_ALIVE=-1\0OLLAMA_CONTEXT_LENGTH=\0");
		expect(settingsOf(environment)).toEqual({ num_parallel: 4, keep_alive: "-1", source: "environment" });
	});

	it("reads a service's declared environment, quoted where it has spaces", ({ expect }) => {
		const shown = 'Environment=PATH=/usr/bin OLLAMA_HOST=0.0.0.0 "OLLAMA_ORIGINS=a b" OLLAMA_MAX_LOADED_MODELS=0\nMainPID=812\n';
		expect(parseSystemdEnvironment(shown)).toEqual({
			PATH: "/usr/bin",
			OLLAMA_HOST: "0.0.0.0",
			OLLAMA_ORIGINS: "a b",
			OLLAMA_MAX_LOADED_MODELS: "0",
		});
		expect(settingsOf(parseSystemdEnvironment(shown))).toEqual({ max_loaded_models: 0, source: "environment" });
	});

	it.for([
		[undefined, "11434"],
		["0.0.0.0", "11434"],
		["127.0.0.1:11500", "11500"],
		['"http://box"', "80"],
		["https://box", "443"],
		["http://[::1]:11436", "11436"],
		["[::1]", "11434"],
	] as const)("knows which port OLLAMA_HOST=%s means", ([host, port], { expect }) => {
		expect(isForPort({ OLLAMA_HOST: host }, port)).toBe(true);
	});

	it("ignores numbers that are none", ({ expect }) => {
		expect(settingsOf({ OLLAMA_NUM_PARALLEL: "many", OLLAMA_CONTEXT_LENGTH: "8192" })).toEqual({
			context_length: 8192,
			source: "environment",
		});
	});
});
