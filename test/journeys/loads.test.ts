/** Clients that leave while their model is loaded: the load is finished all the same, and its place is given back. */
import { afterEach, beforeEach, describe, it } from "vitest";
import { DecisionSchema } from "../../worker/protocol/decision.ts";
import type { Trace } from "../../worker/protocol/trace.ts";
import { Household } from "./household.ts";
import { addMachine, type Machine } from "./machine.ts";
import { RawClient, requestBytes } from "./raw-http.ts";
import { until } from "./until.ts";

const MODEL = "slow2";
/** A load of a few seconds: long enough to leave in, short enough to wait for. */
const LOAD_SLOWDOWN = 6;

let household: Household;
let machine: Machine;
let clients: RawClient[] = [];

beforeEach(async () => {
	household = await Household.start();
	machine = await addMachine(household, { nodeId: "golden", profile: "golden", models: ["slow", MODEL], resident: ["slow"], timeScale: 1 });
	machine.simulated.faults.loadSlowdown = LOAD_SLOWDOWN;
	await household.ready("golden");
});

afterEach(async () => {
	for (const client of clients) client.destroy();
	clients = [];
	await household?.stop();
});

async function ask(tag: string, { stream = true, words = 1, model = MODEL } = {}): Promise<RawClient> {
	const messages = [{ role: "user", content: Array.from({ length: words }, (_, index) => `${tag}-${index}`).join(" ") }];
	const client = await RawClient.open(household.port);
	clients.push(client);
	const body = JSON.stringify({ model, messages, stream });
	client.send(requestBytes(household.port, { path: "/api/chat", headers: { "X-Herd-Tags": tag }, body }));
	return client;
}

async function tracesTagged(tag: string): Promise<Trace[]> {
	return (await household.traces()).filter(({ tags }) => tags?.includes(tag));
}

const loading = () => until("the node loads", () => machine.simulated.snapshot().loading !== undefined);
const isLoaded = () => machine.simulated.snapshot().resident.some(({ name }) => name.startsWith(MODEL));
const active = async () => (await household.status()).fleet.requests_active;

describe("a client that leaves while its model is loaded", () => {
	it.for([true, false])("leaves it in memory, no answer running and its place free (streaming: %s)", async (stream, { expect }) => {
		const client = await ask("leaves", { stream });
		await loading();
		client.leave();
		const trace = await until("the trace is there", async () => (await tracesTagged("leaves"))[0]);
		expect(trace).toMatchObject({ status: "client_disconnected", node_id: "golden", time_to_first_token_ms: null, error_message: null });
		// The client has gone and the load goes on: its place is the node's
		expect([isLoaded(), await active()]).toEqual([false, 1]);
		await until("the model is in memory", isLoaded);
		await until("the place is free", async () => (await active()) === 0);
		await until("nothing is generated", () => machine.simulated.snapshot().running.length === 0);
		expect(await tracesTagged("leaves")).toHaveLength(1);
		const { queues, nodes } = await household.status();
		expect(queues[`golden:${MODEL}:latest`]).toMatchObject({ in_flight: 0, failed: 0 });
		expect(nodes).toMatchObject([{ ollama: { requests_active: 0 } }]);
	});

	it("does not make the next one wait for another load", async ({ expect }) => {
		const client = await ask("first");
		await loading();
		client.reset();
		await until("it has left", async () => (await tracesTagged("first")).length === 1);
		const next = await ask("second");
		await until("it is answered", () => (next.answer?.body.byteLength ?? 0) > 0);
		expect(next.answer?.headers.get("x-fleet-node")).toBe("golden");
		next.leave();
		const trace = await until("its trace is there", async () => (await tracesTagged("second"))[0]);
		expect(trace.queue_ms).toBeGreaterThan(0);
		// The place came free with the model in memory: it never asked for a load itself
		const answer = await fetch(`${household.url}/dashboard/api/traces/${trace.request_id}`);
		const { decision } = (await answer.json()) as { decision: unknown };
		expect(DecisionSchema.parse(decision).candidates).toMatchObject([{ resident: true, seconds: { load: 0 } }]);
	});

	it("keeps nobody's place when the load fails", async ({ expect }) => {
		machine.simulated.faults.loadFailure = "model failed to load";
		const client = await ask("fails");
		await loading();
		client.leave();
		await until("it has left", async () => (await tracesTagged("fails")).length === 1);
		await until("the place is free", async () => (await active()) === 0);
		expect(isLoaded()).toBe(false);
	});
});

it("a client that leaves while its prompt is read leaves its place taken for a while, and no answer running", async ({ expect }) => {
	const client = await ask("reads", { model: "slow", words: 20 });
	await until("the node reads", () => machine.simulated.snapshot().running.length === 1);
	client.leave();
	expect(await until("the trace is there", async () => (await tracesTagged("reads"))[0])).toMatchObject({ status: "client_disconnected" });
	await household.idle();
	await until("nothing is generated", () => machine.simulated.snapshot().running.length === 0);
	expect(await tracesTagged("reads")).toHaveLength(1);
});
