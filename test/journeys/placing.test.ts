/** Where requests go: the worked cases of the dispatch rule, through the real router, with machines whose speed is known. */
import { afterEach, describe, it } from "vitest";
import { DecisionSchema } from "../../worker/protocol/decision.ts";
import { QueueReportSchema } from "../../worker/protocol/queue.ts";
import { Household } from "./household.ts";
import { addMachine } from "./machine.ts";
import { FILE_BYTES, type Held, PuppetNode } from "./puppet-node.ts";
import { until } from "./until.ts";

const MODEL = "big:latest";
const OTHER = "other:latest";
const THIRD = "third:latest";
/** 80 tokens a second. */
const LONG = { tokens: 4800, decodeS: 60 };
const SHORT = { tokens: 320, decodeS: 4 };

let household: Household;

afterEach(() => household?.stop());

interface Ask {
	readonly model?: string;
	readonly app?: string;
	readonly key?: string;
	readonly requestClass?: string;
	readonly messages?: readonly object[];
}

let asked = 0;

function ask({ model = MODEL, app = "probe", key, requestClass, messages = [{ role: "user", content: `Question ${asked++}` }] }: Ask = {}) {
	const headers = {
		"x-herd-tags": app,
		...(key !== undefined && { authorization: `Bearer ${key}` }),
		...(requestClass !== undefined && { "x-fleet-class": requestClass }),
	};
	return fetch(`${household.url}/api/chat`, { method: "POST", headers, body: JSON.stringify({ model, messages }) });
}

/** The router learns how long an app's answers are, and how fast the node is. */
async function warm(node: PuppetNode, app: string, { claims, model = MODEL }: { claims: object; model?: string }): Promise<void> {
	node.answers = claims;
	for (let count = 0; count < 8; count++) await (await ask({ model, app })).text();
	node.answers = undefined;
}

async function queue() {
	return QueueReportSchema.parse(await (await fetch(`${household.url}/fleet/queue`)).json());
}

async function waitingFor(nodeId: string, count = 1) {
	return until(`${count} wait for ${nodeId}`, async () => {
		const { waiting } = await queue();
		return waiting.length === count && waiting.every((one) => one.expected_node === nodeId) && waiting;
	});
}

async function hotNode(numParallel = 1): Promise<PuppetNode> {
	household = await Household.start();
	const models = { [MODEL]: FILE_BYTES, [OTHER]: FILE_BYTES, [THIRD]: FILE_BYTES };
	const hot = await PuppetNode.join(household, { nodeId: "hot", models, resident: [MODEL, OTHER, THIRD], numParallel });
	await warm(hot, "long", { claims: LONG });
	await warm(hot, "short", { claims: SHORT });
	return hot;
}

const coldNode = () => PuppetNode.join(household, { nodeId: "cold", models: { [MODEL]: FILE_BYTES } });

async function hotAndCold(): Promise<[hot: PuppetNode, cold: PuppetNode]> {
	return [await hotNode(), await coldNode()];
}

const answerAll = (held: readonly Held[]) => held.map((one) => one.answer());

describe("a request for a model that one machine has in memory and another would have to load", () => {
	it("goes to the idle machine at once when the other is bound for minutes", async ({ expect }) => {
		const hot = await hotNode(3);
		const jobs = [1, 2, 3].map(() => ask({ app: "long" }));
		const running = [await hot.next(), await hot.next(), await hot.next()];
		const cold = await coldNode();
		const probe = ask();
		(await cold.next()).answer({ loadS: 8 });
		const response = await probe;
		expect(response.headers.get("x-fleet-node")).toBe("cold");
		expect(response.headers.get("x-fleet-reason")).toBe("cold-idle");
		answerAll(running);
		await Promise.all(jobs);
	});

	it("waits for the one that has it when that is free in seconds", async ({ expect }) => {
		const [hot, cold] = await hotAndCold();
		const job = ask({ app: "short" });
		const running = await hot.next();
		const probe = ask();
		const [waiting] = await waitingFor("hot");
		expect(waiting?.expected_wait_ms).toBeGreaterThan(1000);
		expect(waiting?.expected_wait_ms).toBeLessThan(8000);
		running.answer(SHORT);
		(await hot.next()).answer();
		expect((await probe).headers.get("x-fleet-reason")).toBe("wait-hot");
		expect(cold.served).toBe(0);
		await job;
	});

	it("does not take a machine that other models keep busy for an idle one", async ({ expect }) => {
		const [hot, cold] = await hotAndCold();
		for (const model of [OTHER, THIRD]) await warm(hot, "long", { claims: LONG, model });
		const jobs = [OTHER, THIRD].map((model) => ask({ model, app: "long" }));
		const running = [await hot.next(), await hot.next()];
		const probe = ask();
		(await cold.next()).answer({ loadS: 8 });
		expect((await probe).headers.get("x-fleet-node")).toBe("cold");
		answerAll(running);
		await Promise.all(jobs);
	});
});

describe("work that was sent straight to a machine's Ollama", () => {
	it("makes the router go elsewhere rather than wait behind it", async ({ expect }) => {
		const [hot, cold] = await hotAndCold();
		hot.facts.externalJobs = 3;
		await hot.beat();
		const probe = ask();
		(await cold.next()).answer({ loadS: 8 });
		expect((await probe).headers.get("x-fleet-node")).toBe("cold");
		hot.facts.externalJobs = 0;
		await hot.beat();
		const next = ask();
		(await hot.next()).answer();
		expect((await next).headers.get("x-fleet-node")).toBe("hot");
	});

	it("is seen by the agent", async ({ expect }) => {
		household = await Household.start();
		const machine = { profile: "mac-studio", models: ["llama3.1:8b"], resident: ["llama3.1:8b"], timeScale: 0.02 };
		const busy = await addMachine(household, { ...machine, nodeId: "busy" });
		await household.ready("busy");
		const body = JSON.stringify({ model: "llama3.1:8b", prompt: "Hello", options: { num_predict: 10_000 } });
		const left = new AbortController();
		const direct = [1, 2, 3].map(() => fetch(`${busy.simulated.url}/api/generate`, { method: "POST", body, signal: left.signal }));
		await until("the router knows of it", async () => (await household.node("busy"))?.ollama.external_jobs === 3);
		left.abort();
		expect((await Promise.allSettled(direct)).length).toBe(3);
		await until("the router knows that it is over", async () => (await household.node("busy"))?.ollama.external_jobs === 0);
	});
});

describe("a long conversation", () => {
	it("stays on its machine while that is cheaper, and leaves it when it is not", async ({ expect }) => {
		household = await Household.start();
		const facts = { models: { [MODEL]: FILE_BYTES }, resident: [MODEL] };
		const nodes = [
			await PuppetNode.join(household, { ...facts, nodeId: "a" }),
			await PuppetNode.join(household, { ...facts, nodeId: "b" }),
		];
		for (const node of nodes) node.answers = { promptTokens: 1000, prefillS: 1 };
		const messages: object[] = [];
		const talk = async () => {
			messages.push({ role: "user", content: `${"A long story. ".repeat(200)} ${messages.length}` });
			const response = await ask({ app: "agent", messages });
			await response.text();
			messages.push({ role: "assistant", content: "Yes" });
			return response.headers;
		};
		const home = (await talk()).get("x-fleet-node");
		for (let turn = 1; turn < 20; turn++) {
			const headers = await talk();
			expect([headers.get("x-fleet-node"), headers.get("x-fleet-affinity")]).toEqual([home, "matched"]);
		}
		const node = nodes.find(({ facts: { nodeId } }) => nodeId === home);
		if (!node) throw new Error("the conversation is nowhere");
		node.answers = LONG;
		for (let count = 0; count < 8; count++) await (await ask({ app: "long" })).text();
		node.answers = undefined;
		const jobs: Promise<Response>[] = [];
		while (node.untaken === 0) {
			jobs.push(ask({ app: "long" }));
			await until("it is somewhere", async () => (await queue()).in_flight === 1 || node.untaken > 0);
		}
		expect((await talk()).get("x-fleet-node")).not.toBe(home);
		(await node.next()).answer();
		await Promise.all(jobs);
	});
});

describe("a machine that is lost while requests wait for it", () => {
	it("loses none of them: all move to another", async ({ expect }) => {
		const [hot, cold] = await hotAndCold();
		cold.answers = { loadS: 8 };
		const running = ask({ app: "short" });
		await hot.next();
		const waiting = [1, 2].map(() => ask({ app: "short" }));
		await waitingFor("hot", 2);
		await hot.stop();
		const responses = await Promise.all([running, ...waiting]);
		expect(responses.map(({ status, headers }) => [status, headers.get("x-fleet-node")])).toEqual([1, 2, 3].map(() => [200, "cold"]));
	});
});

describe("two clients, one of which floods the fleet", () => {
	it("leaves the other its share", async ({ expect }) => {
		household = await Household.start();
		const node = await PuppetNode.join(household, { nodeId: "only", models: { [MODEL]: FILE_BYTES }, resident: [MODEL] });
		await warm(node, "probe", { claims: SHORT });
		const flood = Array.from({ length: 40 }, () => ask({ key: "flooding", messages: [{ role: "user", content: "flood" }] }));
		await until("the flood waits", async () => (await queue()).pending === 39);
		const served: string[] = [];
		const serveOne = async () => {
			const held = await node.next();
			served.push(held.text.includes("flood") ? "flood" : "polite");
			held.answer(SHORT);
		};
		for (let count = 0; count < 10; count++) await serveOne();
		const polite = Array.from({ length: 5 }, () => ask({ key: "polite", messages: [{ role: "user", content: "please" }] }));
		await until("the others wait too", async () => (await queue()).pending >= 34);
		served.length = 0;
		while (served.length < 35) await serveOne();
		expect(served.slice(0, 11).filter((who) => who === "polite")).toHaveLength(5);
		await Promise.all([...flood, ...polite]);
	});
});

describe("a decision", () => {
	it("is kept with its request: candidates, costs, and what came of it", async ({ expect }) => {
		const [hot] = await hotAndCold();
		hot.answers = SHORT;
		const response = await ask({ app: "short" });
		await response.text();
		const id = response.headers.get("x-request-id");
		const kept = (await (await fetch(`${household.url}/dashboard/api/traces/${id}`)).json()) as { decision: unknown; comparison: object };
		const decision = DecisionSchema.parse(kept.decision);
		expect(decision.candidates.map(({ node_id: nodeId, shortlisted }) => [nodeId, shortlisted])).toEqual([
			["hot", true],
			["cold", false],
		]);
		expect(kept.comparison).toMatchObject({ output_tokens: { actual: 320 }, decode_s: { actual: 4 } });
	});
});
