import { describe, it } from "vitest";
import { againstDeleting } from "../../../../worker/fleet/jobs/against-deleting.ts";
import { againstPulling } from "../../../../worker/fleet/jobs/against-pulling.ts";
import { fleetOf, GB, node, type NodeFacts } from "../../build-node.ts";

const MODEL = "llama3.1:8b";
const holder = (facts: NodeFacts = {}) => node({ installed: { [MODEL]: 5 * GB }, ...facts });
const said = (about: ReturnType<typeof node>, { isPinned = false, force = false } = {}) =>
	againstDeleting(about, MODEL, { isPinned, force })?.message;

describe("deleting a model", () => {
	it("is refused while it answers, or is pinned, unless forced", ({ expect }) => {
		const busy = { ...holder(), inFlight: new Map([[MODEL, 2]]) };
		expect(said(busy)).toBe("model 'llama3.1:8b' answers 2 requests on alpha now: wait, or send force");
		expect(said(holder(), { isPinned: true })).toBe("model 'llama3.1:8b' is pinned on alpha: unpin it first, or send force");
		expect([said(busy, { force: true }), said(holder(), { isPinned: true, force: true }), said(holder())]).toEqual([
			undefined,
			undefined,
			undefined,
		]);
	});

	it("is refused while its Ollama works past the router with it in memory", ({ expect }) => {
		const loaded = { ...holder({ resident: { [MODEL]: 6 * GB } }), external: { jobs: 1, since: 0 } };
		expect(said(loaded as ReturnType<typeof node>)).toContain("works past the router");
	});

	it("is impossible where it is not, or nobody can be asked, whatever is forced", ({ expect }) => {
		expect(againstDeleting(node(), MODEL, { isPinned: false, force: true })).toMatchObject({ status: 404 });
		expect(said(holder({ state: "stopped" }), { force: true })).toBe("alpha its Ollama does not run");
	});
});

describe("pulling a model to a machine", () => {
	it("is refused with the figures where the disk is too small for it", ({ expect }) => {
		const small = node();
		const fleet = fleetOf({ ...small, beat: { ...small.beat, disk: { path: "/", total_bytes: 9 * GB, available_bytes: 4 * GB } } });
		const wish = { nodeId: "alpha", model: MODEL, sizeBytes: 5 * GB };
		expect(againstPulling(fleet, wish)?.message).toBe(
			"alpha would need 7.1 GB of disk for model 'llama3.1:8b' and has 4.0 GB: delete something there first",
		);
		expect(againstPulling(fleet, { ...wish, sizeBytes: GB })).toBeUndefined();
		expect(againstPulling(fleet, { ...wish, nodeId: "nobody" })).toMatchObject({ status: 404 });
	});
});
