import { describe, it } from "vitest";
import { choosePullNode } from "../../../worker/fleet/choose-pull-node.ts";
import type { NodeRecord } from "../../../worker/fleet/state.ts";
import { GB, node, type NodeFacts } from "../build-node.ts";

const NEW = { model: "new:7b", excluded: [] };

function withDisk(facts: NodeFacts, freeGb: number): NodeRecord {
	const made = node(facts);
	made.beat.disk = { path: "/", total_bytes: 2000 * GB, available_bytes: freeGb * GB };
	return made;
}

describe("choosing a node for a pull", () => {
	it("takes the node with the most free memory", ({ expect }) => {
		const nodes = [withDisk({ id: "small", totalGb: 16 }, 900), withDisk({ id: "big", totalGb: 128 }, 100)];
		expect(choosePullNode(nodes, NEW)).toMatchObject({ kind: "chosen", nodeId: "big" });
	});

	it("lets disk space decide among nodes of like memory while the size is not known", ({ expect }) => {
		const nodes = [withDisk({ id: "full", totalGb: 64 }, 20), withDisk({ id: "empty", totalGb: 60 }, 800)];
		expect(choosePullNode(nodes, NEW)).toEqual({ kind: "chosen", nodeId: "empty", why: "most-disk" });
	});

	it("passes over nodes that the model fits neither in memory nor on disk once a holder tells its size", ({ expect }) => {
		const nodes = [
			withDisk({ id: "holder", totalGb: 256, installed: { "new:7b": 40 * GB } }, 900),
			withDisk({ id: "no-disk", totalGb: 128 }, 41),
			withDisk({ id: "no-memory", totalGb: 16 }, 900),
			withDisk({ id: "fits", totalGb: 96 }, 100),
		];
		expect(choosePullNode(nodes, { ...NEW, excluded: ["holder"] })).toEqual({ kind: "chosen", nodeId: "fits", why: "only-node" });
		expect(choosePullNode(nodes, { ...NEW, excluded: ["fits", "holder"] })).toEqual({
			kind: "none",
			reasons: { holder: ["excluded", "holds-it"], "no-disk": ["disk-too-small"], "no-memory": ["does-not-fit"], fits: ["excluded"] },
		});
	});

	it("brings a node that has the model up to date rather than copy it to one more", ({ expect }) => {
		const holder = withDisk({ id: "holder", totalGb: 16, installed: { "new:7b": 4 * GB } }, 10);
		expect(choosePullNode([holder, withDisk({ id: "roomier", totalGb: 256 }, 900)], NEW)).toMatchObject({ nodeId: "holder" });
	});

	it("names what is against each node when none can take it", ({ expect }) => {
		const offline = { ...node({ id: "asleep" }), status: "offline" as const };
		const silent = { ...node({ id: "silent" }), status: "degraded" as const };
		const stopped = node({ id: "stopped", state: "stopped" });
		expect(choosePullNode([offline, silent, stopped], NEW)).toEqual({
			kind: "none",
			reasons: { asleep: ["offline"], silent: ["degraded"], stopped: ["ollama-down"] },
		});
	});
});
