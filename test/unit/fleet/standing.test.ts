import { describe, it } from "vitest";
import { receiveBeat } from "../../../worker/fleet/membership.ts";
import { standingOf } from "../../../worker/fleet/standing.ts";
import { emptyFleet } from "../../../worker/fleet/state.ts";
import { beat } from "../build-node.ts";

const TOKEN = "the-join-token";

/** "member" is in, "stranger" waits; each has its name for a secret. */
function fleet() {
	const state = emptyFleet(0);
	for (const [id, token] of [
		["member", TOKEN],
		["stranger", undefined],
	] as const)
		receiveBeat(state, beat({ id }), {
			presented: { secret: undefined, token },
			joinToken: TOKEN,
			now: 0,
			makeSecret: () => `secret-of-${id}`,
		});
	return state;
}

function standing(nodeId: string, { secret, token }: { secret?: string; token?: string } = {}) {
	return standingOf(fleet(), nodeId, { secret, token, joinToken: TOKEN });
}

describe("how a machine stands with its router", () => {
	it("is told to whoever shows its secret or the join token", ({ expect }) => {
		const node = { status: "online", door_url: "http://192.168.1.20:11436", door_reachable: false };
		expect(standing("member", { secret: "secret-of-member" })).toMatchObject({ secret: "accepted", token: "none", node });
		expect(standing("member", { token: TOKEN })).toMatchObject({ secret: "none", token: "accepted", node });
		expect(standing("stranger", { secret: "secret-of-stranger" })).toMatchObject({ node: { status: "pending" } });
		expect(standing("nobody", { token: TOKEN })).toMatchObject({ token: "accepted", node: null });
	});

	it("is nobody else's business", ({ expect }) => {
		expect(standing("member")).toMatchObject({ secret: "none", token: "none", node: null });
		expect(standing("member", { secret: "secret-of-stranger", token: "guessed" })).toMatchObject({
			secret: "refused",
			token: "refused",
			node: null,
		});
	});
});
