import { describe, it } from "vitest";
import { updateLiveness } from "../../../worker/fleet/liveness.ts";
import { approve, leave, receiveBeat } from "../../../worker/fleet/membership.ts";
import { emptyFleet, type FleetState } from "../../../worker/fleet/state.ts";
import { beat, GB, type NodeFacts } from "../build-node.ts";

const TOKEN = "the-join-token";
let made = 0;

function receive(state: FleetState, facts: NodeFacts, presented: { secret?: string; token?: string } = {}, now = 0) {
	const both = { secret: presented.secret, token: presented.token };
	return receiveBeat(state, beat(facts), { presented: both, joinToken: TOKEN, now, makeSecret: () => `made-${++made}` }).answer;
}

function secretOf(answer: ReturnType<typeof receive>): string {
	return "secret" in answer.body && answer.body.secret !== undefined ? answer.body.secret : "";
}

describe("joining", () => {
	it("lets a machine with the token in at once, with a secret of its own", ({ expect }) => {
		const state = emptyFleet(0);
		const answer = receive(state, { id: "a" }, { token: TOKEN });
		expect(answer).toMatchObject({ status: 200, body: { status: "ok" } });
		expect(receive(state, { id: "a" }, { secret: secretOf(answer) })).toEqual({
			status: 200,
			body: { status: "ok", node_status: "online" },
		});
	});

	it("keeps a machine without a token waiting until it is approved, under the secret it was given first", ({ expect }) => {
		const state = emptyFleet(0);
		const first = receive(state, { id: "a" });
		expect(first).toMatchObject({ status: 200, body: { status: "pending" } });
		expect(state.nodes.size).toBe(0);
		expect(approve(state, "a", 1)?.status).toBe("online");
		expect(receive(state, { id: "a" }, { secret: secretOf(first) })).toMatchObject({ body: { status: "ok" } });
	});

	it("refuses a wrong token instead of letting the machine wait", ({ expect }) => {
		expect(receive(emptyFleet(0), { id: "a" }, { token: "guessed" })).toMatchObject({ status: 403 });
	});

	it("never takes an unset token for a match", ({ expect }) => {
		const open = receiveBeat(emptyFleet(0), beat({ id: "a" }), {
			presented: { secret: "", token: "" },
			joinToken: "",
			now: 0,
			makeSecret: () => "s",
		});
		expect(open.answer.body).toMatchObject({ status: "pending" });
	});

	it("refuses another machine under a name whose owner was seen within 30 s", ({ expect }) => {
		const state = emptyFleet(0);
		receive(state, { id: "a", machineId: "machine-one" }, { token: TOKEN });
		expect(receive(state, { id: "a", machineId: "machine-two" }, { token: TOKEN }, 30_000)).toMatchObject({ status: 409 });
	});

	it("lets the token move a silent machine's name to another, whose secret then is the only one", ({ expect }) => {
		const state = emptyFleet(0);
		const old = secretOf(receive(state, { id: "a", machineId: "machine-one" }, { token: TOKEN }));
		receive(state, { id: "a", machineId: "machine-two" }, { token: TOKEN }, 30_001);
		expect(receive(state, { id: "a", machineId: "machine-one" }, { secret: old }, 30_002)).toMatchObject({ status: 409 });
		expect(state.nodes.get("a")?.machineId).toBe("machine-two");
	});

	it("does not let a stranger without a token push a silent node out", ({ expect }) => {
		const state = emptyFleet(0);
		const secret = secretOf(receive(state, { id: "a", machineId: "machine-one" }, { token: TOKEN }));
		expect(receive(state, { id: "a", machineId: "machine-two" }, {}, 60_000)).toMatchObject({ body: { status: "pending" } });
		expect(receive(state, { id: "a", machineId: "machine-one" }, { secret }, 60_001)).toMatchObject({ body: { status: "ok" } });
	});

	it("asks a known machine that lost its secret for the token", ({ expect }) => {
		const state = emptyFleet(0);
		receive(state, { id: "a" }, { token: TOKEN });
		expect(receive(state, { id: "a" })).toMatchObject({ status: 401 });
		expect(secretOf(receive(state, { id: "a" }, { token: TOKEN }))).not.toBe("");
	});

	it("keeps nothing of a stranger's models until it is let in", ({ expect }) => {
		const state = emptyFleet(0);
		receive(state, { id: "a", resident: { "m:1b": GB } });
		expect(state.pending.get("a")?.beat.ollama.models_loaded).toEqual([]);
		expect(state.pending.get("a")?.installedEntries).toBeUndefined();
	});

	it("lets a machine in that waits with a secret of its own once it brings the token", ({ expect }) => {
		const state = emptyFleet(0);
		const secret = secretOf(receive(state, { id: "a" }));
		expect(receive(state, { id: "a" }, { secret, token: TOKEN })).toMatchObject({ status: 200, body: { status: "ok" } });
	});

	it("does not send a waiting machine away for an old token", ({ expect }) => {
		const state = emptyFleet(0);
		const secret = secretOf(receive(state, { id: "a" }));
		expect(receive(state, { id: "a" }, { secret, token: "of another router" })).toMatchObject({ body: { status: "pending" } });
	});

	it("bounds how many strangers may wait", ({ expect }) => {
		const state = emptyFleet(0);
		for (let number = 0; number < 32; number++) receive(state, { id: `n${number}` });
		expect(receive(state, { id: "one-more" })).toMatchObject({ status: 429 });
	});
});

describe("beats", () => {
	it("keep the models on disk while they leave them out as unchanged", ({ expect }) => {
		const state = emptyFleet(0);
		const secret = secretOf(receive(state, { id: "a", installed: { "m:1b": GB } }, { token: TOKEN }));
		const unchanged = beat({ id: "a" });
		unchanged.ollama.models_available = undefined;
		receiveBeat(state, unchanged, { presented: { secret, token: undefined }, joinToken: TOKEN, now: 1, makeSecret: () => "" });
		expect([...(state.nodes.get("a")?.installed.keys() ?? [])]).toEqual(["m:1b"]);
	});

	it("are asked to bring the models when the router was never told", ({ expect }) => {
		const state = emptyFleet(0);
		const silent = beat({ id: "a" });
		silent.ollama.models_available = undefined;
		const { answer } = receiveBeat(state, silent, {
			presented: { secret: undefined, token: TOKEN },
			joinToken: TOKEN,
			now: 0,
			makeSecret: () => "s",
		});
		expect(answer.body).toMatchObject({ need_models: true });
	});

	it("remember when a model left memory", ({ expect }) => {
		const state = emptyFleet(0);
		const secret = secretOf(receive(state, { id: "a", resident: { "m:1b": GB } }, { token: TOKEN }));
		receive(state, { id: "a", installed: { "m:1b": GB } }, { secret }, 5000);
		expect(state.nodes.get("a")?.unloadedAt.get("m:1b")).toBe(5000);
	});

	it("do not unload a model that answered after they were read", ({ expect }) => {
		const state = emptyFleet(0);
		const secret = secretOf(receive(state, { id: "a", installed: { "m:1b": GB } }, { token: TOKEN }));
		const node = state.nodes.get("a");
		node?.loadedSince.set("m:1b", 4000);
		receive(state, { id: "a", installed: { "m:1b": GB } }, { secret }, 5000);
		expect(node?.resident.has("m:1b")).toBe(true);
		receive(state, { id: "a", installed: { "m:1b": GB } }, { secret }, 10_001);
		expect(node?.resident.has("m:1b")).toBe(false);
	});

	it("must be repeated: silence degrades a node after 15 s and takes it offline after 30 s", ({ expect }) => {
		const state = emptyFleet(0);
		receive(state, { id: "a" }, { token: TOKEN });
		const statusAt = (now: number) => {
			updateLiveness(state, now);
			return state.nodes.get("a")?.status;
		};
		expect([15_000, 15_001, 30_000, 30_001].map(statusAt)).toEqual(["online", "degraded", "degraded", "offline"]);
	});
});

describe("leaving", () => {
	it("takes a node offline at once, with its own secret only", ({ expect }) => {
		const state = emptyFleet(0);
		const secret = secretOf(receive(state, { id: "a", machineId: "machine-one" }, { token: TOKEN }));
		const farewell = { node_id: "a", machine_id: "machine-one", leaving: true as const };
		expect(leave(state, farewell, "wrong", 1)).toBe(false);
		expect(leave(state, farewell, secret, 1)).toBe(true);
		expect(state.nodes.get("a")?.status).toBe("offline");
	});
});
