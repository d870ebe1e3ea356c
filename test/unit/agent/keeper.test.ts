import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { beforeEach, describe, it, onTestFinished } from "vitest";
import type { Logger } from "../../../agent/src/log.ts";
import { askOllama } from "../../../agent/src/ollama/client.ts";
import { OllamaKeeper } from "../../../agent/src/ollama/keeper.ts";
import { freePort } from "../../journeys/free-port.ts";
import { until } from "../../journeys/until.ts";
import { answerJson, listen } from "./servers.ts";

/** A program in Ollama's place: its version is its process id, `/exit` ends it. */
const PROGRAM = `#!${process.execPath}
const [host, port] = process.env.OLLAMA_HOST.split(":");
require("node:http").createServer((request, response) => {
	if (request.url === "/exit") process.exit(3);
	response.end(JSON.stringify({ version: String(process.pid) }));
}).listen(port, host, () => console.log(process.argv[2] + " at " + process.env.OLLAMA_HOST));
`;

let program: string | undefined;
let ollamaUrl = "";
let said: string[] = [];
let output = "";
let paused: number[] = [];

beforeEach(async () => {
	const folder = await mkdtemp(join(tmpdir(), "agent-keeper-"));
	onTestFinished(() => rm(folder, { recursive: true }));
	program = join(folder, "ollama");
	await writeFile(program, PROGRAM);
	await chmod(program, 0o755);
	ollamaUrl = `http://127.0.0.1:${await freePort()}`;
	[said, output, paused] = [[], "", []];
});

/** Time passes a hundred times as fast for it. */
function startKeeper(): OllamaKeeper {
	const say = (message: string) => void said.push(message);
	const log: Logger = { info: say, warn: say, error: say };
	const clock = {
		now: Date.now,
		random: () => 0,
		pause: async (ms: number, signal: AbortSignal) => {
			paused.push(ms);
			await delay(ms / 100, undefined, { signal }).catch(() => undefined);
		},
	};
	const sink = { write: (text: string) => void (output += text) };
	const keeper = new OllamaKeeper({
		ollamaUrl,
		findProgram: async () => program,
		output: sink,
		outputPath: "/logs/ollama.log",
		clock,
		log,
	});
	keeper.start();
	onTestFinished(() => keeper.stop());
	return keeper;
}

async function pid(): Promise<string | undefined> {
	const answer = await askOllama(ollamaUrl, "/api/version");
	return answer.kind === "answered" ? (answer.body as { version: string }).version : undefined;
}

const anotherOllama = () =>
	listen((_request, response) => answerJson(response, 200, { version: "0.33.0" }), Number(new URL(ollamaUrl).port));

const running = (other?: string) => until("Ollama answers", async () => ((found) => found !== other && found)(await pid()));

describe("an Ollama that the agent starts", () => {
	it("listens where the agent looks for it, is heard, and goes with the agent", async ({ expect }) => {
		const keeper = startKeeper();
		await running();
		await until("it is heard", () => output.includes(`serve at ${new URL(ollamaUrl).host}`));
		expect(keeper.isOurs).toBe(true);
		await keeper.stop();
		expect((await askOllama(ollamaUrl, "/api/version")).kind).toBe("closed");
	});

	it("is started again when it ends, later each time, and a person is told", async ({ expect }) => {
		startKeeper();
		let last: string | undefined;
		for (let times = 0; times < 3; times++) {
			last = await running(last);
			await askOllama(ollamaUrl, "/exit");
		}
		await running(last);
		expect(said.filter((line) => line.includes("with code 3"))).toEqual(
			[1, 2, 4].map((seconds) => expect.stringContaining(`again in ${seconds} s`)),
		);
	});

	it("is started anew at a word, at once", async ({ expect }) => {
		const keeper = startKeeper();
		const first = await running();
		expect(await Promise.all([keeper.restart(), keeper.restart()])).toEqual([{ kind: "restarted" }, { kind: "restarted" }]);
		expect(await pid()).not.toBe(first);
		expect(said.join()).not.toContain("ended");
	});

	it("that does not come back is told of as it is", async ({ expect }) => {
		const keeper = startKeeper();
		await running();
		await writeFile(program ?? "", "#!/bin/sh\nexit 9\n");
		const restarted = keeper.restart();
		await until("it fails", () => said.some((line) => line.includes("code 9")));
		await keeper.stop();
		expect(await restarted).toMatchObject({ kind: "failed", message: expect.stringContaining("/logs/ollama.log") });
	});
});

describe("an Ollama of somebody else", () => {
	it("is left alone, and is not the agent's to start anew", async ({ expect }) => {
		const other = await anotherOllama();
		onTestFinished(() => other.close());
		const keeper = startKeeper();
		await until("it has looked", () => paused.length > 2);
		expect([keeper.isOurs, output]).toEqual([false, ""]);
		expect(await keeper.restart()).toMatchObject({ kind: "not-ours", message: expect.stringContaining("has not started") });
	});

	it("that ends is followed by one of ours", async () => {
		const other = await anotherOllama();
		startKeeper();
		await until("it has looked", () => paused.length > 0);
		await other.close();
		await running("0.33.0");
	});
});

it("where none is installed, says so and goes on looking", async ({ expect }) => {
	const later = program;
	program = undefined;
	startKeeper();
	await until("it says so", () => said.some((line) => line.includes("not installed")));
	program = later;
	await running();
	expect(paused).toContain(30_000);
});
