/** What the cards say. */
import { describe, it } from "vitest";
import { CHECKS } from "../../../worker/health/checks/all.ts";
import type { HealthFacts } from "../../../worker/health/facts.ts";
import { facts, MODEL, nodeFacts, NOW, served } from "./build-facts.ts";

const wordsOf = (id: string, said: Partial<HealthFacts>) => CHECKS.find((check) => check.id === id)?.find(facts(said))[0];

describe("the words of a card", () => {
	it("name the models that only a lost machine has", ({ expect }) => {
		const lost = nodeFacts({ nodeId: "mac", status: "offline", lastSeenAt: NOW - 45_000 });
		expect(wordsOf("node_offline", { nodes: [lost] })).toMatchObject({
			title: "mac is offline",
			description: "Nothing was heard of it for 45 s. Nobody else has llama3.1:8b.",
			data: { only_there: [MODEL] },
		});
	});

	it("tell the setting that would mend a prompt that is cut", ({ expect }) => {
		expect(
			wordsOf("silent_truncation", { recent: [served({ promptTokens: 4000, estimatedTokens: 20_000, contextTokens: 4096 })] })?.fix,
		).toContain('FLEET_NUM_CTX_OVERRIDES={"llama3.1:8b": 32768}');
	});

	it("tell which version of a model lies where", ({ expect }) => {
		const other = { nodeId: "b", installed: [{ name: MODEL, sizeBytes: 1, digest: "sha256:0123456789abcdef" }] };
		expect(wordsOf("digest_mismatch", { nodes: [nodeFacts({ nodeId: "a" }), nodeFacts(other)] })?.description).toContain(
			"aaaa on a; 0123456789ab on b",
		);
	});
});
