/** One name, two models: which one answers is chance. */
import { AT_ONCE, type Check } from "../check.ts";
import { isThere } from "../readings.ts";

export const digestMismatch: Check = {
	id: "digest_mismatch",
	...AT_ONCE,
	find: ({ nodes }) => {
		const byModel = new Map<string, Map<string, string[]>>();
		for (const { nodeId, installed } of nodes.filter(isThere)) {
			for (const { name, digest } of installed) {
				if (digest === undefined) continue;
				const digests = byModel.get(name) ?? new Map<string, string[]>();
				byModel.set(name, digests.set(digest, [...(digests.get(digest) ?? []), nodeId]));
			}
		}
		return [...byModel].filter(([, digests]) => digests.size > 1).map(([model, digests]) => findingOf(model, digests));
	},
};

function findingOf(model: string, digests: ReadonlyMap<string, readonly string[]>) {
	const groups = [...digests].map(([digest, holders]) => `${digest.replace("sha256:", "").slice(0, 12)} on ${holders.join(", ")}`);
	return {
		severity: "warning" as const,
		title: `${model} is not the same everywhere`,
		description: `Machines hold different versions under this name: ${groups.join("; ")}. The same question may be answered differently.`,
		fix: `Pull it anew where it is old: \`ollama pull ${model}\`, or /api/pull with the machine's node_id.`,
		about: model,
		data: { model, digests: Object.fromEntries(digests) },
	};
}
