/** One fleet, several Ollamas: an API may be served by some machines only. */
import { AT_ONCE, type Check } from "../check.ts";
import { nodesThere } from "../readings.ts";

export const ollamaVersions: Check = {
	id: "ollama_versions_differ",
	...AT_ONCE,
	find: (facts) => {
		const versions = nodesThere(facts).flatMap(({ nodeId, beat }) =>
			beat.ollama.version ? [{ nodeId, version: beat.ollama.version }] : [],
		);
		const newest = versions.map(({ version }) => version).reduce((a, b) => (compared(a, b) >= 0 ? a : b), "0");
		const behind = versions.filter(({ version }) => minor(version) !== minor(newest));
		return behind.map(({ nodeId, version }) => ({
			severity: "info",
			title: `Ollama on ${nodeId} is behind`,
			description: `It is ${version}; the fleet's newest is ${newest}. Newer APIs and models go to the other machines only.`,
			fix: "Update Ollama there.",
			nodeId,
			data: { version, newest },
		}));
	},
};

/** `0.32` of `0.32.15`. */
function minor(version: string): string {
	return version.split(".").slice(0, 2).join(".");
}

function compared(left: string, right: string): number {
	return left.localeCompare(right, "en", { numeric: true });
}
