import { describe, it } from "vitest";
import { Workshop } from "../../../worker/fleet/workshop.ts";
import { fleetOf, GB, node } from "../build-node.ts";

const HOUR_MS = 3_600_000;

describe("the node where a model is made", () => {
	it("is the same for all files and for the model made of them", ({ expect }) => {
		const fleet = fleetOf(node({ id: "big", totalGb: 128 }), node({ id: "small", totalGb: 16 }));
		const workshop = new Workshop();
		expect(workshop.forUpload(fleet, 0)).toMatchObject({ target: { nodeId: "big" } });
		workshop.stored("sha256:a", "big", 1);
		fleet.nodes.set("huge", node({ id: "huge", totalGb: 512 }));
		expect(workshop.forUpload(fleet, 2)).toMatchObject({ target: { nodeId: "big" } });
		expect(workshop.forCreate(fleet, { model: "mine", from: "", digests: ["sha256:a"] }, 3)).toMatchObject({ target: { nodeId: "big" } });
		expect(workshop.forUpload(fleet, 3 * HOUR_MS)).toMatchObject({ target: { nodeId: "huge" } });
	});

	it("is refused by name when the one with the files has gone", ({ expect }) => {
		const fleet = fleetOf(node({ id: "big" }), node({ id: "other" }));
		const workshop = new Workshop();
		workshop.stored("sha256:a", "big", 0);
		fleet.nodes.delete("big");
		expect(workshop.forCreate(fleet, { model: "mine", from: "", digests: ["sha256:a"] }, 1)).toEqual({
			kind: "no-node",
			reasons: { big: ["offline"] },
		});
	});

	it("holds the model it is made from, best with an older edition of the new one", ({ expect }) => {
		const base = { "base:7b": 4 * GB };
		const fleet = fleetOf(
			node({ id: "a", resident: base }),
			node({ id: "b", installed: { ...base, "mine:latest": GB } }),
			node({ id: "c", totalGb: 512 }),
		);
		const workshop = new Workshop();
		expect(workshop.forCreate(fleet, { model: "other", from: "base:7b", digests: [] }, 0)).toMatchObject({ target: { nodeId: "a" } });
		expect(workshop.forCreate(fleet, { model: "mine", from: "base:7b", digests: [] }, 0)).toMatchObject({ target: { nodeId: "b" } });
		expect(workshop.forCreate(fleet, { model: "mine", from: "unknown", digests: [] }, 0)).toMatchObject({ target: { nodeId: "c" } });
	});
});
