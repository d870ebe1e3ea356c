import { describe, it } from "vitest";
import { mergeTags } from "../../../worker/fleet/listing.ts";
import { noteModels } from "../../../worker/fleet/note-models.ts";
import type { NodeRecord } from "../../../worker/fleet/state.ts";
import { codexModels } from "../../../worker/routes/codex-models.ts";
import { fleetOf, GB, node } from "../build-node.ts";

interface CopyFacts {
	id: string;
	digest: string;
	version?: string;
	day?: number;
}

function holder({ id, digest, version = "0.32.15", day = 1 }: CopyFacts): NodeRecord {
	const made = node({ id, version });
	const modified_at = `2026-01-0${day}T00:00:00Z`;
	made.installedEntries = [{ name: "m:7b", size: GB, digest, modified_at, details: { family: "llama" } }];
	return made;
}

const tagOf = (...copies: CopyFacts[]) => mergeTags(fleetOf(...copies.map(holder)))[0];

describe("one name on several nodes", () => {
	it("is listed once, without a mark while all agree", ({ expect }) => {
		const tag = tagOf({ id: "a", digest: "x" }, { id: "b", digest: "x", day: 2 });
		expect(tag).toMatchObject({ digest: "x", modified_at: "2026-01-02T00:00:00Z", details: { family: "llama", fleet_nodes: ["a", "b"] } });
		expect(tag?.details).not.toHaveProperty("fleet_digests");
	});

	it("has the majority's digest, older or not, and says who has which", ({ expect }) => {
		const tag = tagOf({ id: "a", digest: "x" }, { id: "b", digest: "y", day: 3 }, { id: "c", digest: "x", day: 2 });
		expect(tag).toMatchObject({ digest: "x", modified_at: "2026-01-02T00:00:00Z" });
		expect(tag?.details.fleet_digests).toEqual({ a: "x", b: "y", c: "x" });
	});

	it("has the newest digest when as many have one as the other", ({ expect }) => {
		expect(tagOf({ id: "a", digest: "x" }, { id: "b", digest: "y", day: 2 })).toMatchObject({ digest: "y" });
	});

	it("may differ between unlike versions of Ollama", ({ expect }) => {
		const tag = tagOf({ id: "a", digest: "x", version: "0.24.0" }, { id: "b", digest: "y", version: "0.32.15" });
		expect(tag?.details).not.toHaveProperty("fleet_digests");
		const patched = tagOf({ id: "a", digest: "x", version: "0.32.1" }, { id: "b", digest: "y", version: "0.32.15" });
		expect(patched?.details.fleet_digests).toEqual({ a: "x", b: "y" });
	});
});

describe("a list read after a change", () => {
	it("replaces the beat's, keeping what the agent knew of the entries that stayed", ({ expect }) => {
		const made = node({ installed: { "old:1b": GB, "gone:1b": GB }, resident: { "gone:1b": GB }, capabilities: ["tools"] });
		expect(
			noteModels(made, [
				{ name: "old:1b", size: GB },
				{ name: "new:1b", size: GB },
			]),
		).toBe(true);
		expect([...made.installed.keys()]).toEqual(["old:1b", "new:1b"]);
		expect(made.installed.get("old:1b")?.capabilities).toEqual(["tools"]);
		expect(made.resident.has("gone:1b")).toBe(false);
	});

	it("changes nothing when it is the same", ({ expect }) => {
		const made = node({ installed: { "old:1b": GB } });
		expect(noteModels(made, [{ name: "old:1b", size: GB }])).toBe(false);
	});
});

describe("the list for Codex", () => {
	it("has chat models only, with the context they are loaded with rather than the one they were trained for", ({ expect }) => {
		const tag = (name: string, capabilities: string[]) => ({
			name,
			size: GB,
			capabilities,
			details: { context_length: 131_072, fleet_nodes: [] },
		});
		const tags = [
			tag("chat:8b", ["completion", "tools", "vision"]),
			tag("cold:8b", ["completion", "thinking"]),
			tag("embed:1b", ["embedding"]),
		];
		const resident = [
			{ name: "chat:8b", size: GB, context_length: 8192, fleet_node: "a" },
			{ name: "chat:8b", size: GB, context_length: 16_384, fleet_node: "b" },
		];
		expect(codexModels(tags, resident)).toMatchObject([
			{
				slug: "chat:8b",
				context_window: 16_384,
				max_context_window: 131_072,
				shell_type: "shell_command",
				input_modalities: ["text", "image"],
			},
			{ slug: "cold:8b", context_window: 131_072, shell_type: "disabled", default_reasoning_level: "medium", input_modalities: ["text"] },
		]);
	});
});
