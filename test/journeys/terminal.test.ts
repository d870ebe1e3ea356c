/** `herd` on a terminal: what it says when it can't start, and how it ends. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, afterEach, beforeAll, describe, it } from "vitest";
import { startAgentOf } from "./machine.ts";
import { takesWork } from "./herd-machine.ts";
import { HerdProcess, isAlive } from "./herd-process.ts";
import { RawClient, requestBytes } from "./raw-http.ts";
import { type ScriptedOllama, startScriptedOllama } from "./scripted-ollama.ts";
import { until } from "./until.ts";
import type { Ended } from "./household.ts";

const MODEL = "script:1b";
const NDJSON = "application/x-ndjson";
const FIRST_LINE = '{"message":{"content":"Hello"},"done":false}\n';
const LAST_LINE = '{"message":{"content":""},"done":true,"done_reason":"stop","prompt_eval_count":1,"eval_count":3}\n';

let folder: string;
let folders = 0;
let taken: Server;
let things: Ended[] = [];

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), "herd-terminal-"));
	taken = createServer().listen(0, "127.0.0.1");
	await once(taken, "listening");
});

afterEach(async () => {
	for (const thing of things.reverse()) await thing.stop();
	things = [];
});

afterAll(() => {
	taken?.close();
	if (folder) rmSync(folder, { recursive: true, force: true });
});

function ending<T extends Ended>(thing: T): T {
	things.push(thing);
	return thing;
}

function newFolder(): string {
	folders++;
	return join(folder, String(folders));
}

function takenPort(): string {
	const address = taken.address();
	return String(typeof address === "object" && address ? address.port : 0);
}

describe("what the person can put right is one sentence", () => {
	const CASES: Record<
		string,
		{ flags?: string[]; dataDir?: () => string; variables?: Record<string, string>; says: () => RegExp; code: number }
	> = {
		"a taken port": { flags: ["--port", "TAKEN"], says: () => new RegExp(`^Port ${takenPort()} is taken .*--port\\n$`), code: 1 },
		"a data folder that can't be": {
			dataDir: () => {
				writeFileSync(join(folder, "a-file"), "");
				return join(folder, "a-file", "below");
			},
			says: () => /^The data folder .*a-file\/below can't be written \(ENOTDIR\): .*--data-dir\n$/,
			code: 1,
		},
		"an unknown flag": { flags: ["--prot", "1"], says: () => /^error: unknown option '--prot'\n.*--port.*\n\(herd --help/s, code: 1 },
		"a port that is none": { flags: ["--port", "many"], says: () => /"many" is not a port/, code: 1 },
		"a bad value of a setting": {
			variables: { FLEET_AUTH: "opne" },
			says: () => /^FLEET_AUTH="opne" must be "open" or "keys"\n$/,
			code: 2,
		},
		"a port in the environment that is none": {
			flags: [],
			variables: { FLEET_PORT: "abc" },
			says: () => /^FLEET_PORT="abc" must be a whole number from 0 to 65535\n$/,
			code: 2,
		},
		"an unknown level of the log": {
			variables: { FLEET_LOG_LEVEL: "chatty" },
			says: () => /^FLEET_LOG_LEVEL="chatty" must be one of trace, debug, info, .*\n$/,
			code: 2,
		},
	};

	it.for(Object.entries(CASES))("%s", async ([, { flags, dataDir: newDataDir = newFolder, variables, says, code }], { expect }) => {
		const given = flags?.map((flag) => (flag === "TAKEN" ? takenPort() : flag));
		const dataDir = newDataDir();
		const herd = ending(new HerdProcess({ dataDir, ...(given && { flags: given }), ...(variables && { variables }) }));
		const end = await herd.ended();
		expect(end.errors).toMatch(says());
		expect(end.errors).not.toMatch(/^\s+at /m);
		expect(end.code).toBe(code);
		expect(existsSync(join(dataDir, "herd.pid"))).toBe(false);
	});

	it("a second herd on the same data folder is told which process is the first", async ({ expect }) => {
		const dataDir = newFolder();
		const first = ending(new HerdProcess({ dataDir }));
		await first.port();
		const second = ending(new HerdProcess({ dataDir }));
		expect(await second.ended()).toMatchObject({
			code: 1,
			errors: expect.stringMatching(/^Another herd \(process \d+\) runs on the data folder/),
		});
		expect(first.running).toBe(true);
	});

	it("of two started at once where a power cut has left a lock, one runs and one is told", async ({ expect }) => {
		const dataDir = newFolder();
		mkdirSync(dataDir);
		writeFileSync(join(dataDir, "herd.pid"), "999999999\n");
		const both = [1, 2].map(() => ending(new HerdProcess({ dataDir })));
		const loser = await Promise.race(both.map(async (herd) => ({ herd, end: await herd.ended() })));
		expect(loser.end).toMatchObject({ code: 1, errors: expect.stringMatching(/^Another herd \(process .+\) runs on the data folder/) });
		const winner = both.find((herd) => herd !== loser.herd);
		expect(await winner?.port()).toBeGreaterThan(0);
	});

	it("a misspelt setting is a warning with the right name, not a stop", async ({ expect }) => {
		const herd = ending(new HerdProcess({ dataDir: newFolder(), variables: { FLEET_QUEUE_MAXX: "5" } }));
		await herd.port();
		expect(herd.output).toMatch(/Warning: FLEET_QUEUE_MAXX is not a setting .*did you mean FLEET_QUEUE_MAX\?/);
	});
});

describe("Ctrl-C", () => {
	/** A herd with one machine whose answers are the test's to write, and a client in the middle of one. */
	async function inTheMiddle() {
		const dataDir = newFolder();
		const herd = ending(new HerdProcess({ dataDir }));
		const port = await herd.port();
		const ollama: ScriptedOllama = ending(await startScriptedOllama(MODEL));
		const household = { url: `http://127.0.0.1:${port}`, folder: join(dataDir, "machines") };
		ending(await startAgentOf(household, { nodeId: "script", ollamaUrl: ollama.url, token: herd.secret("join-token") }));
		await takesWork(household.url, "script");
		return { dataDir, herd, port, ...(await firstLine(port, ollama)) };
	}

	async function firstLine(port: number, ollama: ScriptedOllama) {
		const client = await RawClient.open(port);
		client.send(requestBytes(port, { path: "/api/chat", body: JSON.stringify({ model: MODEL, messages: [] }) }));
		const arrived = await ollama.next();
		arrived.response.writeHead(200, { "content-type": NDJSON }).write(FIRST_LINE);
		await until("the first line has come", () => client.answer?.body.toString() === FIRST_LINE);
		return { client, arrived };
	}

	function traces(dataDir: string): { status: string; request_id: string }[] {
		const database = new DatabaseSync(join(dataDir, "latency.db"), { readOnly: true });
		const rows = database.prepare("select status, request_id from request_traces").all();
		database.close();
		return rows.map((row) => ({ status: String(row.status), request_id: String(row.request_id) }));
	}

	it("lets a running answer finish, takes nothing new, and loses no row", async ({ expect }) => {
		const { dataDir, herd, port, client, arrived } = await inTheMiddle();
		const workerd = herd.workerdPid();
		herd.pressCtrlC();
		await until("it says so", () => herd.output.includes("running answers may finish"));
		await until("nobody is let in any more", () =>
			RawClient.open(port).then(
				() => false,
				() => true,
			),
		);
		arrived.response.end(LAST_LINE);
		const answer = await client.wholeAnswer();
		expect([answer.whole, answer.body.toString()]).toEqual([true, FIRST_LINE + LAST_LINE]);
		client.destroy();
		expect((await herd.ended()).code).toBe(0);
		expect(isAlive(workerd)).toBe(false);
		expect(traces(dataDir)).toEqual([{ status: "completed", request_id: answer.headers.get("x-request-id") }]);
	});

	it("a second time cuts it, and loses no row either", async ({ expect }) => {
		const { dataDir, herd, client } = await inTheMiddle();
		const workerd = herd.workerdPid();
		herd.pressCtrlC();
		await until("it says so", () => herd.output.includes("Ctrl-C again cuts them"));
		herd.pressCtrlC();
		const answer = await client.wholeAnswer();
		expect(answer.whole).toBe(false);
		client.destroy();
		expect((await herd.ended()).code).toBe(0);
		expect(isAlive(workerd)).toBe(false);
		expect(traces(dataDir)).toMatchObject([{ request_id: answer.headers.get("x-request-id") }]);
	});
});

it("shows a panel whose lines work", async ({ expect }) => {
	const herd = ending(new HerdProcess({ dataDir: newFolder() }));
	const port = await herd.port();
	expect(herd.output).toContain(`http://localhost:${port}/v1`);
	expect(herd.output).toContain(`/dashboard#key=${herd.secret("admin-key")}`);
	expect((await fetch(`http://localhost:${port}/v1/models`)).status).toBe(200);
	expect((await fetch(`http://localhost:${port}/agent.tgz`)).status).toBe(200);
	herd.signal("SIGTERM");
	expect((await herd.ended()).code).toBe(0);
});

describe("settings of the launcher", () => {
	it("come from the env file too, and an empty variable switches no secret off", async ({ expect }) => {
		const dataDir = newFolder();
		mkdirSync(dataDir);
		writeFileSync(join(dataDir, "env"), "FLEET_PORT=0\nFLEET_LOG_LEVEL=warning\n");
		const herd = ending(new HerdProcess({ dataDir, flags: [], variables: { FLEET_ADMIN_KEY: "", FLEET_NODE_TOKEN: "" } }));
		const url = `http://127.0.0.1:${await herd.port()}`;
		expect(readFileSync(join(dataDir, "logs", "herd.jsonl"), "utf8")).not.toContain("Router started");
		expect(await forget(url, "")).toBe(401);
		expect(await forget(url, herd.secret("admin-key"))).toBe(404);
	});

	it("that are secrets of the environment's are those which the panel prints and herd nodes sends", async ({ expect }) => {
		const dataDir = newFolder();
		const herd = ending(new HerdProcess({ dataDir, variables: { FLEET_ADMIN_KEY: "the-key-in-force" } }));
		const port = await herd.port();
		const url = `http://127.0.0.1:${port}`;
		expect(herd.output).toContain("/dashboard#key=the-key-in-force");
		expect(await forget(url, herd.secret("admin-key"))).toBe(401);
		writeFileSync(join(dataDir, "env"), `FLEET_ADMIN_KEY=the-key-in-force\nFLEET_PORT=${port}\n`);
		const nodes = ending(new HerdProcess({ dataDir, flags: ["nodes", "forget", "nobody"] }));
		expect(await nodes.ended()).toMatchObject({ code: 1, errors: expect.stringContaining(`No node named "nobody"`) });
	});

	async function forget(url: string, key: string): Promise<number> {
		const headers = { "content-type": "application/json", authorization: `Bearer ${key}` };
		return (await fetch(`${url}/fleet/nodes/nobody`, { method: "DELETE", headers })).status;
	}
});
