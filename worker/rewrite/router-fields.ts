/** Takes the router's own words out of a body before a node sees it. Pure. */
import { type BodyFields, isRecord } from "./body-fields.ts";
import { removeKey } from "./json-edit.ts";

export interface Removal {
	/** The very same text when nothing was there to remove. */
	readonly text: string;
	/** Names of what was removed. */
	readonly removed: readonly string[];
}

/** `metadata` belongs to OpenAI's clients too: only a list of tags is ours, and `metadata` goes when nothing else was in it. */
export function removeRouterFields(text: string, fields: BodyFields): Removal {
	const paths: string[][] = [];
	if (fields.has("fallback_models")) paths.push(["fallback_models"]);
	if (fields.has("fallback")) paths.push(["fallback"]);
	const metadata = fields.get("metadata");
	if (isRecord(metadata) && Array.isArray(metadata["tags"]))
		paths.push(Object.keys(metadata).length === 1 ? ["metadata"] : ["metadata", "tags"]);
	return { text: paths.reduce(removeKey, text), removed: paths.map((path) => path.join(".")) };
}
