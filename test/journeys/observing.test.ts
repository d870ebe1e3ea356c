/** What is to be seen of a fleet from outside: its health, its metrics, its live events, its log. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, it } from "vitest";
import { LIVE_EVENTS } from "../../worker/protocol/events.ts";
import { HealthReportSchema } from "../../worker/protocol/health.ts";
import { JOIN_TOKEN_HEADER } from "../../worker/protocol/heartbeat.ts";
import { EventReader } from "../unit/live/event-reader.ts";
import { readMetrics } from "../unit/metrics/read-exposition.ts";
import { beatOf, sendBeat } from "./beat.ts";
import { Household } from "./household.ts";
import { addMachine, type Machine, startAgentOf } from "./machine.ts";
import { startScriptedOllama } from "./scripted-ollama.ts";
import { until } from "./until.ts";

const MODEL = "llama3.2:3b";
const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

let folder: string;
let household: Household;
let first: Household;
let machine: Machine;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "herd-observing-"));
	household = first = await Household.start({ dataDir: folder });
	machine = await addMachine(household, { nodeId: "nuc", profile: "nuc", models: [MODEL], resident: [MODEL] });
	await household.ready("nuc");
});

afterAll(async () => {
	await first?.stop();
	await household?.stop();
	await rm(folder, { recursive: true, force: true });
});

async function health() {
	return HealthReportSchema.parse(await (await fetch(`${household.url}/dashboard/api/health`)).json());
}

/** The card of a check on a node, once it stands. */
function card(check: string, nodeId: string) {
	return until(`${check} is told of ${nodeId}`, async () =>
		(await health()).recommendations.find(({ check_id: id, node_id: of }) => id === check && of === nodeId),
	);
}

async function metrics() {
	return readMetrics(await (await fetch(`${household.url}/metrics`)).text());
}

async function chat(headers: Record<string, string> = {}, content = "Hello") {
	const body = JSON.stringify({ model: MODEL, messages: [{ role: "user", content }], stream: true, options: { num_predict: 5 } });
	const response = await fetch(`${household.url}/api/chat`, { method: "POST", headers, body });
	await response.text();
	return response.headers.get("x-request-id");
}

async function watch(path = "/fleet/events", headers: Record<string, string> = {}): Promise<EventReader> {
	const client = new AbortController();
	const response = await fetch(household.url + path, { headers, signal: client.signal });
	if (response.status !== 200 || !response.body) throw new Error(`No stream: ${response.status}`);
	return new EventReader(response.body, () => client.abort());
}

const watching = async () => (await metrics()).value("herd_live_watchers", {});

async function logLines(): Promise<Record<string, unknown>[]> {
	const text = await readFile(join(folder, "logs", "herd.jsonl"), "utf8");
	return text
		.trim()
		.split("\n")
		.map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe("a finished request", () => {
	it("is counted, and is one line of the log without a word of its prompt", async ({ expect }) => {
		const requestId = await chat({}, "a most secret question");
		await household.traceOf(requestId);
		const labels = { model: MODEL, node: "nuc", class: "interactive", outcome: "completed" };
		expect((await metrics()).value("herd_requests_total", labels)).toBeGreaterThan(0);
		const line = await until("its line is there", async () => (await logLines()).find(({ request_id: id }) => id === requestId));
		expect(line).toMatchObject({ level: "info", msg: "Request", model: MODEL, node_id: "nuc", status: "completed", completion_tokens: 5 });
		expect(line).not.toHaveProperty("trace_id");
		expect(await readFile(join(folder, "logs", "herd.jsonl"), "utf8")).not.toContain("secret question");
	});

	it("goes on in its client's trace at the machine, and has its id in the log", async ({ expect }) => {
		const ollama = household.add(await startScriptedOllama("traced:1b"));
		household.add(await startAgentOf(household, { nodeId: "scripted", ollamaUrl: ollama.url, token: household.joinToken }));
		await household.ready("scripted");
		const traceparent = `00-${TRACE}-00f067aa0ba902b7-01`;
		const body = JSON.stringify({ model: "traced:1b", messages: [], stream: false });
		const answer = fetch(`${household.url}/api/chat`, { method: "POST", headers: { traceparent, tracestate: "a=1" }, body });
		const { headers, response } = await ollama.next();
		response.writeHead(200, { "content-type": "application/json" }).end('{"model":"traced:1b","done":true,"done_reason":"stop"}');
		expect([headers.traceparent, headers.tracestate]).toEqual([traceparent, "a=1"]);
		const requestId = (await answer).headers.get("x-request-id");
		const line = await until("its line is there", async () => (await logLines()).find(({ request_id: id }) => id === requestId));
		expect(line.trace_id).toBe(TRACE);
	});
});

describe("live events", () => {
	it("tell of a request when it has ended, and end when their reader leaves", async ({ expect }) => {
		const reader = await watch();
		expect((await reader.next()).name).toBe("snapshot");
		expect(reader.retryMs).toBe(2000);
		const requestId = await chat();
		for (;;) {
			const { data } = await reader.until("request");
			if (LIVE_EVENTS.request.parse(data).request_id === requestId) break;
		}
		expect(await watching()).toBe(1);
		await reader.close();
		await until("nobody watches", async () => (await watching()) === 0);
	});

	it("serve fifty pages at once", async ({ expect }) => {
		const readers = await Promise.all(Array.from({ length: 50 }, () => watch()));
		for (const reader of readers) expect((await reader.next()).name).toBe("snapshot");
		const requestId = await chat();
		const heard = await Promise.all(readers.map((reader) => reader.until("request")));
		expect(new Set(heard.map(({ data }) => LIVE_EVENTS.request.parse(data).request_id))).toEqual(new Set([requestId]));
		for (const reader of readers) await reader.close();
		await until("nobody watches", async () => (await watching()) === 0);
	});
});

/** A machine whose beats are as long as beats can be, and never the same. */
function longBeat(nodeId: string, round: number) {
	const failed = Array.from({ length: 100 }, (_, index) => ({ probe: `probe-${index}`, reason: `${round} `.repeat(400) }));
	return { ...beatOf(nodeId, `machine-of-${nodeId}`), failed_probes: failed };
}

describe("a reader that does not read", () => {
	it("is let go, and costs the others nothing", async ({ expect }) => {
		const lazy = connect(household.port, "127.0.0.1").pause();
		household.add({ stop: async () => void lazy.destroy() });
		lazy.write("GET /fleet/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
		await until("it watches", async () => (await watching()) === 1);
		const names = Array.from({ length: 20 }, (_, index) => `talker-${index}`);
		const secrets = new Map<string, string>();
		let round = 0;
		await until("it is let go", async () => {
			round++;
			await Promise.all(
				names.map(async (name) => {
					const secret = secrets.get(name);
					const headers = secret ? { authorization: `Bearer ${secret}` } : { [JOIN_TOKEN_HEADER]: household.joinToken };
					const { body } = await sendBeat(household.url, longBeat(name, round), headers as Record<string, string>);
					if (typeof body.secret === "string") secrets.set(name, body.secret);
				}),
			);
			return (await watching()) === 0;
		});
		expect((await household.traceOf(await chat())).status).toBe("completed");
		const headers = { authorization: `Bearer ${household.adminKey}` };
		for (const name of names) await fetch(`${household.url}/fleet/nodes/${name}`, { method: "DELETE", headers });
	});
});

describe("health", () => {
	it("asks for a word about a machine that nobody has let in", async ({ expect }) => {
		await sendBeat(household.url, beatOf("stranger", "machine-of-the-stranger"));
		expect(await card("node_unapproved", "stranger")).toMatchObject({
			severity: "info",
			fix: expect.stringContaining("herd nodes approve stranger"),
		});
	});

	it("tells of a door where nobody answers", async ({ expect }) => {
		const beat = { ...beatOf("walled-in", "machine-behind-a-wall"), door_url: "http://127.0.0.1:9" };
		await sendBeat(household.url, beat, { [JOIN_TOKEN_HEADER]: household.joinToken });
		expect(await card("door_unreachable", "walled-in")).toMatchObject({ severity: "critical", data: { door_url: "http://127.0.0.1:9" } });
	});

	it("tells of an Ollama that has crashed", async ({ expect }) => {
		expect((await health()).recommendations.filter(({ node_id: nodeId }) => nodeId === "nuc")).toEqual([]);
		await machine.simulated.stop();
		expect(await card("ollama_down", "nuc")).toMatchObject({ severity: "critical", title: "Ollama on nuc has crashed" });
		const { vitals, changes } = await health();
		expect(vitals.health_score).toBeLessThan(100);
		expect(changes).toContainEqual(expect.objectContaining({ kind: "appeared", check_id: "ollama_down", node_id: "nuc" }));
	});
});

describe("a restarted router", () => {
	it("gives a page that comes back a new picture, and still knows the day's requests", async ({ expect }) => {
		const reader = await watch();
		const { id } = await reader.next();
		const before = (await health()).vitals.total_requests_24h;
		const { port } = household;
		await household.stopRouter();
		await expect(reader.until("never")).rejects.toThrow();
		household = await Household.start({ dataDir: folder, port });
		const back = await watch("/fleet/events", { "last-event-id": id });
		expect((await back.next()).name).toBe("snapshot");
		await back.close();
		await until("the day before is known", async () => (await health()).vitals.total_requests_24h === before);
	});
});
