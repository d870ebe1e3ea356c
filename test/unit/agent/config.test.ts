import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "vitest";
import { readConfig } from "../../../agent/src/config.ts";
import { nodeIdFrom } from "../../../agent/src/config-values.ts";

let dataDir = "";
beforeEach(async () => {
	dataDir = await mkdtemp(join(tmpdir(), "agent-config-"));
});
afterEach(() => rm(dataDir, { recursive: true }));

async function read(args: string[], env: Record<string, string> = {}) {
	let printed = "";
	const print = (text: string) => (printed += text);
	const result = await readConfig(args, { env: { FLEET_DATA_DIR: dataDir, ...env }, print, printError: print });
	return { result, printed, config: result.kind === "run" ? result.config : undefined };
}

const ROUTER = ["--router-url", "http://hub:11435/"];

describe("the command line", () => {
	it("has a default for everything but the router", async ({ expect }) => {
		const { config } = await read(ROUTER);
		expect(config).toMatchObject({
			routerUrl: "http://hub:11435",
			ollamaUrl: "http://127.0.0.1:11434",
			doorPort: 11436,
			doorPortIsDefault: true,
			dataDir,
		});
		expect((await read([])).printed).toContain("--router-url");
		expect((await read([])).result).toEqual({ kind: "exit", code: 2 });
	});

	it("beats the environment, and a node's own variable beats the fleet's", async ({ expect }) => {
		const env = {
			FLEET_NODE_ROUTER_URL: "http://other:1",
			FLEET_NODE_NODE_ID: "from-env",
			FLEET_NODE_DATA_DIR: "~/agent",
			FLEET_NODE_TOKEN: "",
		};
		const { config } = await read([...ROUTER, "--node-id", "from-flag"], env);
		expect(config).toMatchObject({ routerUrl: "http://hub:11435", nodeId: "from-flag", dataDir: join(homedir(), "agent") });
		expect(config).not.toHaveProperty("token");
		expect((await read(ROUTER, env)).config?.nodeId).toBe("from-env");
	});

	it("takes the token from the data folder when none is given", async ({ expect }) => {
		await writeFile(join(dataDir, "join-token"), "from-file\n");
		expect((await read(ROUTER)).config?.token).toBe("from-file");
		expect((await read([...ROUTER, "--token", "given"])).config?.token).toBe("given");
	});

	it.for([
		[["--router-url", "hub:11435"], {}, ["hub:11435", "http://"]],
		[[...ROUTER, "--port", "70000"], {}, ["70000", "65535"]],
		[[...ROUTER, "--node-id", "my box"], {}, ["my box", "letters"]],
		[[...ROUTER, "--token", "two words"], {}, ["two words", "one word"]],
		[ROUTER, { FLEET_NODE_OLLAMA_HOST: "localhost" }, ["FLEET_NODE_OLLAMA_HOST", "localhost", "http://"]],
		[[...ROUTER, "--turbo"], {}, ["--turbo"]],
		[[...ROUTER, "--log-level", "chatty"], {}, ["chatty", "trace, debug, info"]],
		[ROUTER, { FLEET_LOG_LEVEL: "constructor" }, ["FLEET_LOG_LEVEL", "constructor", "trace, debug, info"]],
		[ROUTER, { FLEET_NODE_START_OLLAMA: "maybe" }, ["FLEET_NODE_START_OLLAMA", "maybe", "true or false"]],
		[[...ROUTER, "--max-places", "0"], {}, ["--max-places", "1 or more"]],
		[[...ROUTER, "--quiet-hours", "9 to 5"], {}, ["9 to 5", "Mon-Fri 09:00-18:00"]],
		[ROUTER, { FLEET_NODE_ENABLE_CAPACITY_LEARNING: "perhaps" }, ["FLEET_NODE_ENABLE_CAPACITY_LEARNING", "perhaps", "true or false"]],
		[["pause", "--for", "a while"], {}, ["a while", "1h30m"]],
	] as const)("says what is wrong with %j and what is allowed", async ([args, env, texts], { expect }) => {
		const { result, printed } = await read([...args], env);
		expect(result).toEqual({ kind: "exit", code: 2 });
		for (const text of texts) expect(printed).toContain(text);
	});

	it("leaves all to the fleet until the owner says what to keep", async ({ expect }) => {
		expect((await read(ROUTER)).config?.capacity).toEqual({ learn: false, quietHours: [] });
		const day = { days: [5], fromMinute: 540, toMinute: 720 };
		const flags = ["--learn-capacity", "--quiet-hours", "Sat 09:00-12:00", "--max-places", "2"];
		expect((await read([...ROUTER, ...flags])).config?.capacity).toEqual({ learn: true, quietHours: [day], maxPlaces: 2 });
		const env = { FLEET_NODE_ENABLE_CAPACITY_LEARNING: "true", FLEET_NODE_QUIET_HOURS: "Sat 09:00-12:00", FLEET_NODE_MAX_PLACES: "3" };
		expect((await read([...ROUTER, "--max-places", "1"], env)).config?.capacity).toEqual({ learn: true, quietHours: [day], maxPlaces: 1 });
		expect((await read(ROUTER, { ...env, FLEET_NODE_ENABLE_CAPACITY_LEARNING: "false" })).config?.capacity.learn).toBe(false);
	});

	it("takes a word for the agent that runs, which needs no router", async ({ expect }) => {
		const facts = { nodeId: "box", dataDir, json: false };
		const owner = async (...args: string[]) => (await read([...args, "--node-id", "box"])).result;
		expect(await owner("drain")).toEqual({ kind: "owner", command: { word: "drain", wait: false, ...facts } });
		expect(await owner("drain", "--wait", "--json")).toEqual({
			kind: "owner",
			command: { word: "drain", wait: true, ...facts, json: true },
		});
		expect(await owner("pause")).toEqual({ kind: "owner", command: { word: "pause", wait: false, ...facts } });
		const twoHours = { word: "pause", wait: true, forMs: 7_200_000, ...facts };
		expect(await owner("pause", "--for", "2h", "--wait")).toEqual({ kind: "owner", command: twoHours });
		expect(await owner("resume")).toEqual({ kind: "owner", command: { word: "resume", wait: false, ...facts } });
		expect(await owner("resume", "--wait")).toEqual({ kind: "exit", code: 2 });
		expect((await read(["run", ...ROUTER])).config).toMatchObject({ routerUrl: "http://hub:11435" });
		expect((await read(["rest", ...ROUTER])).result).toEqual({ kind: "exit", code: 2 });
	});

	it("takes the address of the page for that of its router", async ({ expect }) => {
		const from = async (url: string) => (await read(["--router-url", url])).config?.routerUrl;
		expect(await from("http://hub:11435/dashboard#key=abc")).toBe("http://hub:11435");
		expect(await from("https://home.example/herd/dashboard/")).toBe("https://home.example/herd");
	});

	it("takes the token from a file, so that no command line shows it", async ({ expect }) => {
		const file = join(dataDir, "my-token");
		expect((await read([...ROUTER, "--token-file", file])).printed).toContain(file);
		await writeFile(file, "from-my-file\n");
		expect((await read([...ROUTER, "--token-file", file])).config?.token).toBe("from-my-file");
		expect((await read(ROUTER, { FLEET_NODE_TOKEN_FILE: file })).config?.token).toBe("from-my-file");
	});

	it("starts an Ollama of this machine only", async ({ expect }) => {
		expect((await read(ROUTER)).config?.startOllama).toBe(false);
		expect((await read([...ROUTER, "--start-ollama"])).config?.startOllama).toBe(true);
		expect((await read(ROUTER, { FLEET_NODE_START_OLLAMA: "true" })).config?.startOllama).toBe(true);
		const elsewhere = await read([...ROUTER, "--start-ollama", "--ollama-host", "http://elsewhere.example:11434"]);
		expect([elsewhere.result, elsewhere.printed]).toEqual([{ kind: "exit", code: 2 }, expect.stringContaining("not on this machine")]);
	});

	it("gives a service everything that was said but the token", async ({ expect }) => {
		const env = { FLEET_NODE_TOKEN: "the-token", FLEET_CONSOLE_LOG_LEVEL: "WARNING" };
		const { result } = await read(
			["install", ...ROUTER, "--start-ollama", "--quiet-hours", "Sat 09:00-12:00", "--node-id", "box", "--dry-run"],
			env,
		);
		expect(result).toMatchObject({ kind: "install", order: { word: "install", token: "the-token", manner: { dryRun: true, yes: false } } });
		const flags = result.kind === "install" ? result.order.flags : [];
		expect(flags.join(" ")).toBe(
			`--router-url http://hub:11435 --node-id box --start-ollama --data-dir ${dataDir} --quiet-hours Sat 09:00-12:00 --log-level warn`,
		);
		expect((await read(["install", "--node-id", "box"])).printed).toContain("--router-url");
		expect((await read(["uninstall"])).result).toMatchObject({ kind: "install", order: { word: "uninstall" } });
	});

	it("prints version and help without a router", async ({ expect }) => {
		expect(await read(["--version"])).toMatchObject({ printed: "0.1.0\n", result: { kind: "exit", code: 0 } });
		expect((await read(["--help"])).printed).toContain("FLEET_NODE_TOKEN");
	});

	it("warns of a variable that it does not know", async ({ expect }) => {
		const { result } = await read(ROUTER, { FLEET_NODE_TELEMETRY_URL: "x" });
		expect(result).toMatchObject({ warnings: [expect.stringContaining("FLEET_NODE_TELEMETRY_URL")] });
	});
});

describe("the default name", () => {
	it.for([
		["Mac-Studio.local", "Mac-Studio"],
		["Jürgens PC", "Jurgens-PC"],
		["-_x", "x"],
		["机", "node"],
		["a".repeat(80), "a".repeat(63)],
	] as const)("makes a valid name of %s", ([hostname, name], { expect }) => {
		expect(nodeIdFrom(hostname)).toBe(name);
	});
});
