import { describe, it, vi } from "vitest";
import { AutoPulls } from "../../../../worker/fleet/auto-pull/auto-pulls.ts";
import { noteModels } from "../../../../worker/fleet/note-models.ts";
import { Pulls } from "../../../../worker/fleet/pulls.ts";
import type { NodeRecord } from "../../../../worker/fleet/state.ts";
import { toSnapshot } from "../../../../worker/fleet/snapshot.ts";
import { fleetOf, GB, node } from "../../build-node.ts";
import { ask, passed } from "../build-fleet.ts";
import { ScriptedNetwork } from "./scripted-network.ts";

const MODEL = "brand-new:7b";
const doorOf = (id: string) => ({ id, doorUrl: `http://${id}.test` });
const big = () => node({ ...doorOf("big"), totalGb: 128 });
const small = () => node({ ...doorOf("small"), totalGb: 32 });

/** Waits for a condition instead of for a time; the limit is a safety net. */
const until = (look: () => boolean) => vi.waitUntil(look, { timeout: 20_000 });

/** A fleet that pulls by itself, with its requests, its clock and the world around it. */
function open({ nodes = [big(), small()], enabled = true, maxGb = 20 } = {}) {
	const state = fleetOf(...nodes);
	const network = new ScriptedNetwork();
	network.manifests = { "library/brand-new:7b": 4 * GB, "library/b:1": GB, "library/c:1": GB };
	const clock = { now: 0 };
	const running = new Pulls();
	const told: Record<string, string> = {};
	const pass = () => void Object.assign(told, passed(state, clock.now));
	let ids = 0;
	const pulls = new AutoPulls(state, () => ({ enabled, maxGb, registryUrl: "http://registry.test" }), {
		send: network.send,
		now: () => clock.now,
		newId: () => `pull-${++ids}`,
		fleet: {
			placePull: (request) => running.place(state, request, clock.now),
			pullEnded: (id) => running.end(state, id),
			noteModels: (nodeId, models) => noteModels(state.nodes.get(nodeId) as NodeRecord, models),
		},
		pass,
		background: () => undefined,
	});
	const request = (id: string, model = MODEL) => ask(state, { id, model }, {}, clock.now);
	const reached = (count: number) => until(() => network.pulls.length === count);
	const status = () => toSnapshot(state, clock.now).pulls;
	return { state, network, clock, pulls, told, request, reached, status, pass };
}

describe("a pull that the router starts", { timeout: 60_000 }, () => {
	it("goes to the machine with the most room, and serves all who wait once the model is listed", async ({ expect }) => {
		const { pulls, network, request, reached, status, told } = open();
		expect(request("1")).toBe("refused");
		expect(await Promise.all([pulls.want(MODEL), pulls.want(`library/${MODEL.toUpperCase()}`)])).toEqual([
			{ kind: "pulling" },
			{ kind: "pulling" },
		]);
		expect([request("1"), request("2")]).toEqual(["waits", "waits"]);
		await reached(1);
		expect(network.pull).toMatchObject({ host: "big.test", body: { model: MODEL, stream: true }, requestId: "pull-1" });
		network.pull.write({ status: "pulling aaa", digest: "a", total: 4 * GB, completed: GB });
		await until(() => status()[0]?.completed_bytes === GB);
		expect(status()).toEqual([
			{
				id: `router:${MODEL}`,
				by: "router",
				model: MODEL,
				node_id: "big",
				status: "pulling aaa",
				completed_bytes: GB,
				total_bytes: 4 * GB,
				waiting: 2,
				started_at: 0,
			},
		]);
		network.installed["big.test"] = [MODEL];
		network.pull.write({ status: "success" });
		await until(() => told["1"] !== undefined);
		expect(told).toEqual({ "1": "big" });
		expect(status()).toEqual([]);
	});

	it("is not done before the node lists the model, whatever its last word was", async ({ expect }) => {
		const { pulls, network, request, reached, told } = open({ nodes: [big()] });
		await pulls.want(MODEL);
		request("1");
		await reached(1);
		network.pull.write({ status: "success" });
		await until(() => told["1"] !== undefined);
		expect(told).toEqual({ "1": "pull-failed" });
	});

	it("goes on at another machine when its own is lost, and tells the first one's trouble when none is left", async ({ expect }) => {
		const { pulls, network, request, reached, told, status, state, clock } = open();
		await pulls.want(MODEL);
		request("1");
		await reached(1);
		network.pull.breakOff();
		await reached(2);
		expect(network.pull.host).toBe("small.test");
		expect(status()).toMatchObject([{ node_id: "small", completed_bytes: 0 }]);
		const lost = state.nodes.get("small");
		if (lost) lost.status = "offline";
		clock.now = 500;
		pulls.sweep();
		await until(() => told["1"] !== undefined);
		expect(network.pull.aborted).toBe(true);
		expect(told).toEqual({ "1": "pull-failed" });
		expect(status()).toMatchObject([{ status: "failed", error: "pulling it to big failed: the connection to it broke" }]);
	});

	it("is given up where nothing comes for a minute", async ({ expect }) => {
		const { pulls, network, clock, reached, status } = open({ nodes: [big()] });
		await pulls.want(MODEL);
		await reached(1);
		clock.now = 61_000;
		pulls.sweep();
		await until(() => status()[0]?.status === "failed");
		expect(network.pull.aborted).toBe(true);
		expect(status()[0]?.error).toBe("pulling it to big failed: nothing came for too long");
	});

	it("ends with the node's words where every node would say the same, for later requests too, for a minute", async ({ expect }) => {
		const { pulls, network, request, reached, told, clock, pass } = open();
		await pulls.want(MODEL);
		request("1");
		await reached(1);
		network.pull.write({ error: "pull model manifest: file does not exist" });
		await until(() => told["1"] !== undefined);
		expect([told["1"], request("2"), network.pulls.length]).toEqual(["pull-failed", "pull-failed", 1]);
		clock.now = 60_001;
		pulls.sweep();
		pass();
		expect(request("3")).toBe("refused");
	});

	it("goes on at another machine when one's own Ollama is in trouble", async ({ expect }) => {
		const { pulls, network, reached } = open();
		network.refusals["big.test"] = () => new Response("no", { status: 502, headers: { "x-fleet-door-error": "connect" } });
		await pulls.want(MODEL);
		await reached(1);
		expect(network.pull.host).toBe("small.test");
		network.pull.write({ error: "write /models: no space left on device" });
	});

	it("is cut when it is cancelled, and goes to no other machine", async ({ expect }) => {
		const { pulls, network, request, reached, told } = open();
		await pulls.want(MODEL);
		request("1");
		await reached(1);
		expect([pulls.cancel("BRAND-NEW:7b"), pulls.cancel("other:1b")]).toEqual([true, false]);
		await until(() => told["1"] !== undefined);
		expect([network.pull.aborted, network.pulls.length, told["1"]]).toEqual([true, 1, "pull-failed"]);
		expect(pulls.cancel(MODEL)).toBe(false);
	});

	it("waits for its turn while two run", async ({ expect }) => {
		const { pulls, network, reached, status } = open();
		for (const model of [MODEL, "b:1", "c:1"]) await pulls.want(model);
		await reached(2);
		expect(status().map(({ node_id }) => node_id)).toEqual(["big", "big", null]);
		network.installed["big.test"] = [MODEL];
		network.pulls[0]?.write({ status: "success" });
		await reached(3);
		expect(network.pull.body).toMatchObject({ model: "c:1" });
	});
});

describe("a request that waits for a pull", { timeout: 60_000 }, () => {
	it("is told after its own limit that the pull goes on, with the progress", async ({ expect }) => {
		const { pulls, network, request, reached, told, clock, status, pass } = open();
		await pulls.want(MODEL);
		request("1");
		await reached(1);
		network.pull.write({ status: "pulling aaa", digest: "a", total: 4 * GB, completed: GB });
		await until(() => status()[0]?.completed_bytes === GB);
		clock.now = 4_000;
		pass();
		expect(told).toEqual({});
		clock.now = 5_001;
		pass();
		expect(told).toEqual({ "1": "still-pulling" });
		expect(status()).toMatchObject([{ status: "pulling aaa", waiting: 0 }]);
	});

	it("has all its time for a place once the model is there", async ({ expect }) => {
		const { pulls, network, request, reached, told, clock, pass } = open();
		await pulls.want(MODEL);
		for (const id of ["1", "2"]) request(id);
		await reached(1);
		clock.now = 4_500;
		network.installed["big.test"] = [MODEL];
		network.pull.write({ status: "success" });
		await until(() => told["1"] !== undefined);
		clock.now = 5_400;
		pass();
		expect(told).toEqual({ "1": "big" });
		clock.now = 5_600;
		pass();
		expect(told["2"]).toBe("timed-out");
	});

	it("goes to a machine that brings the model meanwhile", async ({ expect }) => {
		const { pulls, request, reached, told, state, pass } = open();
		await pulls.want(MODEL);
		request("1");
		await reached(1);
		state.nodes.set("guest", node({ ...doorOf("guest"), installed: { [MODEL]: 4 * GB } }));
		pass();
		expect(told).toEqual({ "1": "guest" });
	});
});

describe("what is not pulled", () => {
	it("is what no machine has room for, with the figures", async ({ expect }) => {
		const tight = node({ ...doorOf("tight"), totalGb: 256 });
		tight.beat.disk = { path: "/", total_bytes: 100 * GB, available_bytes: 3 * GB };
		const tiny = node({ ...doorOf("tiny"), totalGb: 4 });
		const asleep = { ...node(doorOf("asleep")), status: "offline" as const };
		const { pulls, network } = open({ nodes: [tight, tiny, asleep] });
		expect(await pulls.want(MODEL)).toEqual({
			kind: "not-pulled",
			why:
				"no machine has room for its 4.0 GB: tight would need 6.1 GB of disk and has 3.0 GB, " +
				"tiny would need 4.5 GB of memory and has 3.0 GB, asleep is offline",
		});
		expect(network.pulls).toEqual([]);
	});

	it("is what a machine that has just come may have", async ({ expect }) => {
		const fresh = { ...small(), installedEntries: undefined };
		const { pulls, network } = open({ nodes: [big(), fresh] });
		expect(await pulls.want(MODEL)).toEqual({ kind: "not-pulled", why: "small has just come and not said yet what it has" });
		expect(network.looked).toEqual([]);
		fresh.status = "offline";
		expect(await pulls.want(MODEL)).toEqual({ kind: "pulling" });
	});

	it("is anything where it is switched off or nobody has joined, and the registry hears nothing", async ({ expect }) => {
		const off = open({ enabled: false });
		expect(await off.pulls.want(MODEL)).toEqual({ kind: "not-pulled" });
		const empty = open({ nodes: [] });
		expect(await empty.pulls.want(MODEL)).toEqual({ kind: "not-pulled" });
		expect([off.network.looked, empty.network.looked]).toEqual([[], []]);
	});
});
