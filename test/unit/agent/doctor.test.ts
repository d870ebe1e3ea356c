import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, it, onTestFinished } from "vitest";
import { calledAs } from "../../../agent/src/called-as.ts";
import { doorPort } from "../../../agent/src/doctor/checks/door-port.ts";
import { dataFolder } from "../../../agent/src/doctor/checks/machine.ts";
import { membership } from "../../../agent/src/doctor/checks/membership.ts";
import { ollama } from "../../../agent/src/doctor/checks/ollama.ts";
import { router } from "../../../agent/src/doctor/checks/router.ts";
import { examine } from "../../../agent/src/doctor/doctor.ts";
import type { DoctorFacts } from "../../../agent/src/doctor/finding.ts";
import { firewallAdvice } from "../../../agent/src/doctor/firewall.ts";
import { JOIN_TOKEN_HEADER } from "../../../worker/protocol/heartbeat.ts";
import type { Standing } from "../../../worker/protocol/standing.ts";
import { freePort } from "../../journeys/free-port.ts";
import { answerJson, listen, startOllama } from "./servers.ts";
import type { TestServer } from "./servers.ts";

let facts: DoctorFacts;

beforeEach(async () => {
	const dataDir = await mkdtemp(join(tmpdir(), "agent-doctor-"));
	onTestFinished(() => rm(dataDir, { recursive: true }));
	const nobody = `http://127.0.0.1:${await freePort()}`;
	facts = {
		routerUrl: nobody,
		ollamaUrl: nobody,
		nodeId: "box",
		dataDir,
		doorPort: await freePort(),
		program: "herd-agent",
		now: Date.now,
	};
});

async function served(server: Promise<TestServer>): Promise<string> {
	const { url, close } = await server;
	onTestFinished(close);
	return url;
}

/** Knows the token `right` and says this of the node. */
function startHerd(node: Standing["node"] = null): Promise<string> {
	return served(
		listen((request, response) => {
			if (request.url === "/healthz") return answerJson(response, 200, { status: "ok", version: "1.2.3" });
			const given = request.headers[JOIN_TOKEN_HEADER];
			const token = given === undefined ? "none" : given === "right" ? "accepted" : "refused";
			answerJson(response, 200, { router_version: "1.2.3", token, secret: node ? "accepted" : "none", node });
		}),
	);
}

describe("the router", () => {
	it("that answers is told with its version, and its clock is compared", async ({ expect }) => {
		const routerUrl = await startHerd();
		expect(await router({ ...facts, routerUrl })).toMatchObject([{ state: "ok", text: expect.stringContaining("1.2.3") }, { state: "ok" }]);
		const [, clock] = await router({ ...facts, routerUrl, now: () => Date.now() + 120_000 });
		expect(clock).toMatchObject({ about: "Clock", state: "warning", text: expect.stringMatching(/1(19|20|21) s ahead of/) });
	});

	const WRONG: [string, () => string | undefined | Promise<string>, string, string][] = [
		["nobody listens", () => facts.routerUrl, "Nothing listens at 127.0.0.1", "Start herd there"],
		["the name is misspelt", () => "http://no-such-machine.invalid:11435", '"no-such-machine.invalid" is not known', "typing error"],
		[
			"it is an Ollama",
			() => served(listen(({ url }, response) => void response.writeHead(url === "/" ? 200 : 404).end("Ollama is running"))),
			"an Ollama, not a router",
			"11435",
		],
		[
			"it is something else",
			() => served(listen((_, response) => response.writeHead(404).end("?"))),
			"another program answers (404)",
			"port",
		],
		["it speaks http, not https", async () => (await startHerd()).replace("http:", "https:"), "speaks no https", "http://"],
		["none was said", () => undefined, "No router is known", "--router-url"],
	];

	it.for(WRONG)("says what is wrong when %s", async ([, url, text, advice], { expect }) => {
		const { routerUrl: _, ...rest } = facts;
		const routerUrl = await url();
		const findings = await router(routerUrl === undefined ? rest : { ...rest, routerUrl });
		expect(findings).toEqual([
			{ about: "Router", state: "problem", text: expect.stringContaining(text), advice: expect.stringContaining(advice) },
		]);
	});
});

describe("the machine's place in the fleet", () => {
	const NODE = { status: "online", blocked_by: [], door_url: "http://10.0.0.5:11436", door_reachable: true };

	it.for([
		["is in and works", NODE, undefined, ["ok", "ok"], "takes work"],
		["waits for approval", { ...NODE, status: "pending" }, undefined, ["problem"], "waits for approval"],
		["is drained", { ...NODE, blocked_by: ["draining"] }, undefined, ["warning", "ok"], "draining"],
		["has a shut door", { ...NODE, door_reachable: false }, undefined, ["ok", "problem"], "takes work"],
		["has the right token", null, "right", ["ok"], "token is right"],
		["has a wrong token", null, "wrong", ["problem"], "does not accept"],
		["has nothing to show", null, undefined, ["warning"], "wait for approval"],
	] as const)("is told when it %s", async ([, node, token, states, text], { expect }) => {
		const routerUrl = await startHerd(node && { ...node, blocked_by: [...node.blocked_by] });
		const findings = await membership({ ...facts, routerUrl, secret: "mine", ...(token && { token }) });
		expect(findings.map(({ state }) => state)).toEqual(states);
		expect(findings[0]?.text).toContain(text);
	});

	it("with a shut door comes with the words that open the port there", ({ expect }) => {
		expect(firewallAdvice("linux", "11436")).toContain("ufw allow 11436/tcp");
		expect(firewallAdvice("win32", "11436")).toContain("-LocalPort 11436");
		expect(firewallAdvice("darwin", "11436")).toContain("System Settings");
	});
});

describe("this machine", () => {
	it("without an Ollama is told from one where it answers", async ({ expect }) => {
		expect(await ollama(facts)).toMatchObject([{ state: "problem", advice: expect.stringMatching(/ollama\.com|--start-ollama/) }]);
		const [answering] = await ollama({ ...facts, ollamaUrl: await served(startOllama()) });
		expect(answering).toMatchObject({ state: "ok", text: expect.stringContaining("0.33.0") });
	});

	const isNetworked = Object.values(networkInterfaces()).some((list) =>
		list?.some(({ internal, family }) => !internal && family === "IPv4"),
	);

	it.runIf(isNetworked)("is told that others can use its Ollama past the door", async ({ expect }) => {
		const ollamaUrl = await served(startOllama());
		expect((await ollama({ ...facts, ollamaUrl }))[1]).toMatchObject({ state: "ok", text: expect.stringContaining("this machine only") });
		const open = createServer((_, response) => answerJson(response, 200, { version: "0.33.0" })).listen(0, "0.0.0.0");
		await once(open, "listening");
		onTestFinished(() => void open.close());
		const { port } = open.address() as AddressInfo;
		const [, told] = await ollama({ ...facts, ollamaUrl: `http://127.0.0.1:${port}` });
		expect(told).toMatchObject({ state: "warning", advice: expect.stringContaining("OLLAMA_HOST=127.0.0.1") });
	});

	it("tells a port that is free from one that another program has", async ({ expect }) => {
		expect(await doorPort(facts)).toMatchObject([{ state: "warning", text: expect.stringContaining("free") }]);
		const { port, close } = await listen(() => undefined, facts.doorPort);
		onTestFinished(close);
		expect(await doorPort({ ...facts, doorPort: port })).toMatchObject([
			{ state: "problem", text: expect.stringContaining("another program") },
		]);
	});

	it("may have a data folder that can't be", async ({ expect }) => {
		expect(await dataFolder({ ...facts, dataDir: join(facts.dataDir, "to", "be") })).toMatchObject([{ state: "ok" }]);
		await writeFile(join(facts.dataDir, "a-file"), "");
		expect(await dataFolder({ ...facts, dataDir: join(facts.dataDir, "a-file", "below") })).toMatchObject([{ state: "problem" }]);
	});
});

it("names itself as it was called", ({ expect }) => {
	const script = "/home/anna/.npm/_npx/1f/node_modules/herd-agent/dist/herd-agent.mjs";
	expect(calledAs(script, "http://hub:11435")).toBe("npx --yes http://hub:11435/agent.tgz");
	expect([calledAs(script, undefined), calledAs("/usr/local/bin/herd-agent", "http://hub:11435")]).toEqual(["herd-agent", "herd-agent"]);
});

it("is well or not, for people and for programs", async ({ expect }) => {
	const said: string[] = [];
	const listener = { say: (line: string) => void said.push(line), coloured: false };
	const { now: _, program: __, ...order } = facts;
	expect(await examine({ ...order, json: false }, listener)).toBe(false);
	expect(said.join("\n")).toMatch(/PROBLEM Router +Nothing listens/);
	expect(said.at(-1)).toMatch(/^\d problems?$/);
	said.length = 0;
	expect(await examine({ ...order, json: true }, listener)).toBe(false);
	expect(JSON.parse(said.join(""))).toMatchObject({
		ok: false,
		findings: expect.arrayContaining([expect.objectContaining({ about: "Node" })]),
	});
});
