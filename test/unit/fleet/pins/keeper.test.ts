import { describe, it } from "vitest";
import { PinKeeper } from "../../../../worker/fleet/pins/keeper.ts";
import { fromSaved, type Pins, toSaved } from "../../../../worker/fleet/pins/pins.ts";
import { Preloader } from "../../../../worker/fleet/pins/preloader.ts";
import { fleetOf } from "../../build-node.ts";
import { LLAMA, models, pinNode, type PinNodeFacts, pins } from "./build-pins.ts";

interface Sent {
	readonly url: string;
	readonly authorization: string | null;
	readonly body: Record<string, unknown>;
}

type Answer = () => Response | Promise<Response>;
const loaded: Answer = () => Response.json({ done: true, done_reason: "load" });
const broken: Answer = () => Promise.reject(new Error("refused"));

function setUp({ answer = loaded, restored = pins(), ...facts }: PinNodeFacts & { answer?: Answer; restored?: Pins } = {}) {
	let now = 10_000;
	const sent: Sent[] = [];
	const lost: string[] = [];
	const saved: unknown[] = [];
	const node = pinNode({ usableGib: 50, installed: { [LLAMA]: 5 }, ...facts });
	const state = fleetOf(node);
	const send = async (url: string | URL | Request, { headers, body }: RequestInit = {}) => {
		sent.push({ url: String(url), authorization: new Headers(headers).get("authorization"), body: JSON.parse(String(body)) });
		return answer();
	};
	const options = {
		ofEnvironment: [],
		usualKeepAlive: () => "5m",
		numCtx: () => ({}),
		send: send as typeof fetch,
		save: (kept: Pins) => saved.push(toSaved(kept)),
		changed: () => undefined,
		doorLost: (nodeId: string) => lost.push(nodeId),
		now: () => now,
	};
	const keeper = new PinKeeper(state, options, new Preloader({ maxPerNode: 0, startedAt: 0, usage: async () => [] }));
	keeper.restore(restored);
	const pass = (ms: number) => {
		now += ms;
		node.lastSeenAt = now;
		keeper.look();
	};
	return { keeper, node, sent, lost, saved, pass, settled: () => new Promise((resolve) => setTimeout(resolve, 0)) };
}

describe("the keeper of the pins", () => {
	it("tells a node nothing before it has beaten since the start", ({ expect }) => {
		const { keeper, sent, pass } = setUp({ restored: pins({ alpha: [LLAMA] }) });
		keeper.look();
		expect(sent).toEqual([]);
		pass(1_000);
		expect(sent).toMatchObject([{ url: "http://192.168.1.20:11436/api/generate", authorization: "Bearer secret-of-alpha" }]);
		expect(sent[0]?.body).toEqual({ model: LLAMA, keep_alive: -1, stream: false });
	});

	it("loads one thing at a time, which others that need the node see as any load", async ({ expect }) => {
		const { keeper, node, sent, pass, settled } = setUp();
		pass(1);
		keeper.pin("alpha", LLAMA);
		pass(1_000);
		expect(sent).toHaveLength(1);
		expect(node.jobs).toMatchObject([{ model: LLAMA }]);
		await settled();
		expect(node.jobs).toEqual([]);
		expect(node.resident.has(LLAMA)).toBe(true);
	});

	it("tries again after a failure, later each time, at once when asked anew, and says why", async ({ expect }) => {
		const { keeper, sent, pass, settled } = setUp({
			answer: () => Response.json({ error: "model requires more memory" }, { status: 500 }),
		});
		pass(1);
		keeper.pin("alpha", LLAMA);
		await settled();
		expect(keeper.problem("alpha", LLAMA)).toBe("its Ollama answered 500: model requires more memory");
		for (const ms of [4_000, 2_000]) pass(ms);
		await settled();
		expect(sent).toHaveLength(2);
		pass(6_000);
		expect(sent).toHaveLength(2);
		keeper.pin("alpha", LLAMA);
		expect(sent).toHaveLength(3);
	});

	it("has the door checked when it does not answer", async ({ expect }) => {
		const { keeper, lost, pass, settled } = setUp({ answer: broken });
		pass(1);
		keeper.pin("alpha", LLAMA);
		await settled();
		expect(lost).toEqual(["alpha"]);
	});

	it("lets go with the node's own keep_alive, and the context that is in memory", async ({ expect }) => {
		const { keeper, node, sent, saved, pass, settled } = setUp({
			resident: { [LLAMA]: 5 },
			contextLength: 8192,
			restored: pins({ alpha: [LLAMA] }, { alpha: [LLAMA] }),
		});
		pass(1);
		node.beat.ollama.settings.keep_alive = "600";
		keeper.unpin("alpha", LLAMA);
		await settled();
		expect(sent.map(({ body }) => body)).toEqual([{ model: LLAMA, keep_alive: 600, stream: false, options: { num_ctx: 8192 } }]);
		expect(saved.at(-1)).toEqual({ asked: {}, kept: {} });
	});

	it("loads an embedding model by asking for no embeddings", ({ expect }) => {
		const { keeper, sent, pass } = setUp({ capabilities: ["embedding"] });
		pass(1);
		keeper.pin("alpha", LLAMA);
		expect(sent).toMatchObject([{ url: "http://192.168.1.20:11436/api/embed", body: { model: LLAMA, keep_alive: -1 } }]);
	});

	it("forgets the pins of a machine that is forgotten", ({ expect }) => {
		const { keeper, saved } = setUp({ restored: pins({ alpha: [LLAMA] }) });
		keeper.forget("alpha");
		expect(keeper.all).toEqual(models());
		expect(saved).toEqual([{ asked: {}, kept: {} }]);
	});
});

describe("saved pins", () => {
	it("come back as they were, and what can't be read is none", ({ expect }) => {
		const some = pins({ a: [LLAMA] }, { b: [LLAMA] });
		expect(fromSaved(JSON.parse(JSON.stringify(toSaved(some))))).toEqual(some);
		expect(fromSaved({ asked: 3 })).toEqual(pins());
		expect(fromSaved(undefined)).toEqual(pins());
	});
});
