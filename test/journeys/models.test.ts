/** Models on several machines, managed as if they were one Ollama: looked at, pulled, copied, made and deleted. */
import { createHash, randomBytes } from "node:crypto";
import { Ollama } from "ollama";
import OpenAI from "openai";
import { afterAll, beforeAll, describe, it } from "vitest";
import { Household } from "./household.ts";
import { addMachine, type Machine, startAgentOf } from "./machine.ts";
import { RawClient, rawRequest, requestBytes } from "./raw-http.ts";
import { type ScriptedOllama, startScriptedOllama } from "./scripted-ollama.ts";
import { until } from "./until.ts";
import { startUploadSink } from "./upload-sink.ts";

const SHARED = "qwen3:8b";

let household: Household;
let studio: Machine;
let gaming: Machine;
let ollama: Ollama;

beforeAll(async () => {
	household = await Household.start();
	studio = await addMachine(household, { nodeId: "studio", models: [SHARED, "llama3.3:70b"], resident: [SHARED] });
	gaming = await addMachine(household, { nodeId: "gaming", profile: "gaming-pc", models: [SHARED] });
	await household.ready("studio", "gaming");
	ollama = new Ollama({ host: household.url });
});

afterAll(() => household?.stop());

async function send(line: string, body?: unknown) {
	const [method = "GET", path = "/"] = line.split(" ");
	const response = await fetch(household.url + path, { method, ...(body !== undefined && { body: JSON.stringify(body) }) });
	return { status: response.status, headers: response.headers, text: await response.text() };
}

async function installedOn({ simulated }: Machine): Promise<string[]> {
	const { models } = (await (await fetch(`${simulated.url}/api/tags`)).json()) as { models: { name: string }[] };
	return models.map(({ name }) => name).toSorted();
}

async function listed(): Promise<string[]> {
	return (await ollama.list()).models.map(({ name }) => name).toSorted();
}

describe("showing a model", () => {
	it("answers byte for byte as the node that holds it in memory, the second time from memory", async ({ expect }) => {
		const own = await (await fetch(`${studio.simulated.url}/api/show`, { method: "POST", body: JSON.stringify({ model: SHARED }) })).text();
		const first = await send("POST /api/show", { model: SHARED });
		expect(first.text).toBe(own);
		expect(first.headers.get("x-fleet-node")).toBe("studio");
		studio.simulated.faults.hang = true;
		const again = await send("POST /api/show", { name: `library/${SHARED.toUpperCase()}`, system: "" });
		studio.simulated.faults.hang = false;
		expect(again.text).toBe(own);
	});

	it("goes to the next holder when the first fails", async ({ expect }) => {
		studio.simulated.faults.reset = true;
		const { status, headers } = await send("POST /api/show", { model: SHARED, verbose: true });
		studio.simulated.faults.reset = false;
		expect({ status, node: headers.get("x-fleet-node") }).toEqual({ status: 200, node: "gaming" });
	});

	it("says of an unknown model what Ollama says, then what the router knows", async ({ expect }) => {
		const { status, text } = await send("POST /api/show", { model: "qwen4" });
		expect(status).toBe(404);
		expect(JSON.parse(text)).toEqual({
			error: `model 'qwen4:latest' not found: none of the fleet's 2 nodes has it installed; installed and near: ${SHARED}`,
		});
	});

	it("is understood by the official clients", async ({ expect }) => {
		expect((await ollama.show({ model: SHARED })).details.family).toMatch(/qwen/);
		const openai = new OpenAI({ baseURL: `${household.url}/v1`, apiKey: "unused", maxRetries: 0 });
		expect(await openai.models.retrieve(SHARED)).toMatchObject({ id: SHARED, object: "model", owned_by: "library" });
		await expect(openai.models.retrieve("hf.co/someone/nothing:Q4")).rejects.toMatchObject({ status: 404 });
	});
});

describe("pulling a model", () => {
	it("goes to the machine with the most room that lacks it, with progress, and is listed at once", async ({ expect }) => {
		const statuses: string[] = [];
		for await (const { status } of await ollama.pull({ model: "gemma3:12b", stream: true })) statuses.push(status);
		expect([statuses[0], statuses.at(-1)]).toEqual(["pulling manifest", "success"]);
		expect(await installedOn(studio)).toContain("gemma3:12b");
		expect(await listed()).toContain("gemma3:12b");
	});

	it("goes to the machine that is named", async ({ expect }) => {
		const { status, headers, text } = await send("POST /api/pull", { model: "gemma3:12b", node_id: "gaming", stream: false });
		expect({ status, text }).toEqual({ status: 200, text: '{"status":"success"}' });
		expect([headers.get("x-fleet-node"), headers.get("x-fleet-reason")]).toEqual(["gaming", "asked"]);
		expect(await installedOn(gaming)).toContain("gemma3:12b");
		expect((await send("POST /api/pull", { model: "gemma3:12b", node_id: "nobody" })).text).toBe(
			'{"error":"Node \'nobody\' not found or offline"}',
		);
	});

	it("fails with Ollama's words and status when nobody has ever heard of the model", async ({ expect }) => {
		const streamed = await send("POST /api/pull", { model: "never-was" });
		expect(streamed.status).toBe(200);
		expect(streamed.text).toBe('{"status":"pulling manifest"}\n{"error":"pull model manifest: file does not exist"}\n');
		const whole = await send("POST /api/pull", { model: "never-was", stream: false });
		expect(whole).toMatchObject({ status: 500, text: '{"error":"pull model manifest: file does not exist"}' });
		await expect(ollama.pull({ model: "never-was" })).rejects.toThrow("pull model manifest: file does not exist");
	});
});

describe("copying and deleting", () => {
	it("happens on every machine that has the model, and shows in the list at once", async ({ expect }) => {
		await ollama.copy({ source: SHARED, destination: "mine" });
		expect(await installedOn(studio)).toContain("mine:latest");
		expect(await installedOn(gaming)).toContain("mine:latest");
		expect(await listed()).toContain("mine:latest");
		await ollama.delete({ model: "mine" });
		expect(await installedOn(studio)).not.toContain("mine:latest");
		expect(await installedOn(gaming)).not.toContain("mine:latest");
		expect(await listed()).not.toContain("mine:latest");
	});

	it("happens on the one machine that is named", async ({ expect }) => {
		await ollama.copy({ source: SHARED, destination: "mine" });
		expect(await send("DELETE /api/delete", { name: "mine", node_id: "gaming" })).toMatchObject({ status: 200, text: "" });
		expect(await installedOn(gaming)).not.toContain("mine:latest");
		expect(await installedOn(studio)).toContain("mine:latest");
		await ollama.delete({ model: "mine" });
	});

	it("refuses in Ollama's words", async ({ expect }) => {
		expect(JSON.parse((await send("DELETE /api/delete", { model: "nope" })).text)).toEqual({
			error: "model 'nope' not found: none of the fleet's 2 nodes has it installed",
		});
		expect(await send("DELETE /api/delete", { model: "a b" })).toMatchObject({
			status: 400,
			text: '{"error":"name \\"a b\\" is invalid"}',
		});
		expect(await send("POST /api/copy", { source: SHARED, destination: "a b" })).toMatchObject({
			status: 400,
			text: '{"error":"destination \\"a b\\" is invalid"}',
		});
	});

	it("says where it failed and where it did not", async ({ expect }) => {
		await ollama.copy({ source: SHARED, destination: "mine" });
		gaming.simulated.faults.reset = true;
		const { status, text } = await send("DELETE /api/delete", { model: "mine" });
		gaming.simulated.faults.reset = false;
		expect({ status, error: JSON.parse(text).error }).toEqual({
			status: 502,
			error: "model 'mine' was deleted on studio, but not on gaming (its Ollama closed the connection before answering)",
		});
		expect(await installedOn(studio)).not.toContain("mine:latest");
		await ollama.delete({ model: "mine" });
		expect(await installedOn(gaming)).not.toContain("mine:latest");
	});
});

describe("making a model", () => {
	it("happens at a holder of the model it is made from, and is listed", async ({ expect }) => {
		await ollama.create({ model: "terse", from: "llama3.3:70b", system: "Be brief." });
		expect(await installedOn(studio)).toContain("terse:latest");
		expect(await listed()).toContain("terse:latest");
		expect((await ollama.show({ model: "terse" })).system).toBe("Be brief.");
		await ollama.delete({ model: "terse" });
	});

	it("uploads each file once, to the node that will make the model", async ({ expect }) => {
		const file = randomBytes(3_000_000);
		const digest = `sha256:${createHash("sha256").update(file).digest("hex")}`;
		const path = `/api/blobs/${digest}`;
		const probe = () => fetch(household.url + path, { method: "HEAD" });
		const absent = await probe();
		expect([absent.status, absent.headers.get("content-length")]).toEqual([404, "102"]);
		const upload = () => rawRequest(household.port, { path, body: file });
		const first = await upload();
		expect(first.status).toBe(201);
		expect((await probe()).status).toBe(200);
		// Answered before it is read: the answer must get through to a client that still sends
		for (let again = 0; again < 10; again++) expect((await upload()).status).toBe(200);
		const made = await send("POST /api/create", { model: "filed", files: { "model.gguf": digest }, stream: false });
		expect(made.text).toBe('{"error":"invalid file magic"}');
		expect([absent, first, made].map(({ headers }) => headers.get("x-fleet-node"))).toEqual(["studio", "studio", "studio"]);
	});

	it("tells a wrong digest as Ollama does", async ({ expect }) => {
		const wrong = await rawRequest(household.port, { path: `/api/blobs/sha256:${"0".repeat(64)}`, body: "hello" });
		expect(wrong.status).toBe(400);
		expect(wrong.body.toString()).toContain("digest mismatch, expected");
		expect((await fetch(`${household.url}/api/blobs/sha256:zz`, { method: "HEAD" })).status).toBe(400);
	});
});

describe("a model on a machine that is away", () => {
	it("is neither shown nor silently left behind", async ({ expect }) => {
		const nuc = await addMachine(household, { nodeId: "nuc", profile: "nuc", models: ["qwen2.5:7b"] });
		await household.ready("nuc");
		await nuc.agent.stop();
		await until("it is offline", async () => (await household.node("nuc"))?.status === "offline");
		const shown = await send("POST /api/show", { model: "qwen2.5:7b" });
		expect({ status: shown.status, retryAfter: shown.headers.get("retry-after") }).toEqual({ status: 503, retryAfter: "5" });
		expect(shown.text).toContain("is installed, but no node that has it can be asked now: nuc is offline");
		expect((await send("DELETE /api/delete", { model: "qwen2.5:7b", node_id: "nuc" })).status).toBe(404);
	});
});

describe("a pull in progress", () => {
	const MODEL = "script:1b";
	let alone: Household;
	let upstream: ScriptedOllama;

	beforeAll(async () => {
		alone = await Household.start();
		upstream = alone.add(await startScriptedOllama(MODEL));
		alone.add(await startAgentOf(alone, { nodeId: "script", ollamaUrl: upstream.url, token: alone.joinToken }));
		await alone.ready("script");
	});

	afterAll(() => alone?.stop());

	it("is relayed line by line, joined by a second request, and ended when its client leaves", async ({ expect }) => {
		const client = await RawClient.open(alone.port);
		const pull = (body: unknown) =>
			requestBytes(alone.port, { path: "/api/pull", headers: { "User-Agent": "ollama-js/0.6" }, body: JSON.stringify(body) });
		client.send(pull({ name: "new:7b", insecure: true }));
		const first = await upstream.next();
		expect([first.path, first.headers["user-agent"], first.body.toString()]).toEqual([
			"/api/pull",
			"ollama-js/0.6",
			'{"name":"new:7b","insecure":true}',
		]);
		first.response.writeHead(200, { "content-type": "application/x-ndjson" });
		first.response.write('{"status":"pulling manifest"}\n');
		await until("the first line is there", () => client.received.includes("pulling manifest"));
		const other = await RawClient.open(alone.port);
		other.send(pull({ model: "NEW:7b" }));
		const second = await upstream.next();
		second.response.end('{"status":"success"}\n');
		expect((await other.wholeAnswer()).headers.get("x-fleet-reason")).toBe("joined");
		client.leave();
		await until("Ollama's connection is closed", () => first.socket.destroyed);
		other.destroy();
	});

	it("breaks off at the client too when the node dies in the middle", async ({ expect }) => {
		const client = await RawClient.open(alone.port);
		client.send(requestBytes(alone.port, { path: "/api/pull", body: JSON.stringify({ model: "other:7b" }) }));
		const { response, socket } = await upstream.next();
		response.writeHead(200, { "content-type": "application/x-ndjson" });
		response.write('{"status":"pulling manifest"}\n');
		await until("the first line is there", () => client.received.includes("pulling manifest"));
		socket.destroy();
		expect(await client.wholeAnswer()).toMatchObject({ status: 200, whole: false });
	});
});

describe("an untidy path", () => {
	it("is sent to the tidy one as it was written, whatever it holds", async ({ expect }) => {
		const answer = await rawRequest(household.port, { path: "/api/blobs//%0d%0aX?a=%0a" });
		expect([answer.status, answer.headers.get("location")]).toEqual([307, "/api/blobs/%0d%0aX?a=%0a"]);
		const plain = await rawRequest(household.port, { method: "GET", path: "/api/tags/" });
		expect([plain.status, plain.headers.get("location")]).toEqual([301, "/api/tags"]);
	});
});

describe("a file on its way up", () => {
	it("arrives with its length as it comes, and stops when its client leaves in the middle", async ({ expect }) => {
		const alone = await Household.start();
		try {
			const sink = alone.add(await startUploadSink());
			alone.add(await startAgentOf(alone, { nodeId: "sink", ollamaUrl: sink.url, token: alone.joinToken }));
			await alone.ready("sink");
			const client = await RawClient.open(alone.port);
			const path = `/api/blobs/sha256:${"1".repeat(64)}`;
			client.send(requestBytes(alone.port, { path, headers: { "Content-Length": "1000000" }, body: "x".repeat(70_000) }));
			const upload = await sink.next();
			expect(upload.headers["content-length"]).toBe("1000000");
			expect(upload.headers["transfer-encoding"]).toBeUndefined();
			let received = 0;
			upload.on("data", (chunk: Buffer) => {
				received += chunk.byteLength;
			});
			await until("what was sent is there", () => received === 70_000);
			client.reset();
			await until("Ollama's connection is closed", () => upload.socket.destroyed);
		} finally {
			await alone.stop();
		}
	});
});
