/** Takes in a node's list of models between two beats, after the router itself has changed what is there. Pure over the node given. */
import type { InstalledModel } from "../protocol/ollama.ts";
import { canonicalName } from "../routing/names.ts";
import type { NodeRecord } from "./state.ts";

/** True when the list is another than before. Entries that stayed keep what the agent knows of them beside Ollama's list. */
export function noteModels(node: NodeRecord, listed: readonly InstalledModel[]): boolean {
	const before = node.installed;
	const entries = listed.map((entry) => {
		const known = before.get(canonicalName(entry.name));
		return known && known.digest === entry.digest ? withCapabilities(entry, known) : entry;
	});
	if (JSON.stringify(entries) === JSON.stringify(node.installedEntries)) return false;
	node.installedEntries = entries;
	node.installed = new Map(entries.map((entry) => [canonicalName(entry.name), entry]));
	// Ollama unloads what it deletes
	for (const name of before.keys()) if (!node.installed.has(name)) node.resident.delete(name);
	return true;
}

/** An old Ollama lists none; the agent asks for them once per digest. */
function withCapabilities(entry: InstalledModel, { capabilities }: InstalledModel): InstalledModel {
	return entry.capabilities || !capabilities ? entry : { ...entry, capabilities };
}
