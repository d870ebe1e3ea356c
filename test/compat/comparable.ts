/** What two answers must share: an answer without what no two answers have in common. Pure. */

type Removal = readonly [keys: readonly string[], because: string];

/** By key, wherever it is. A removed value leaves its type behind, so that its presence still counts. */
const REMOVED: readonly Removal[] = [
	[["id", "call_id", "item_id", "request_id", "tool_call_id", "tool_use_id"], "made up anew for each answer"],
	[["created", "created_at", "completed_at", "modified_at", "expires_at"], "the moment of the answer, the load or the installation"],
	[["total_duration", "load_duration", "prompt_eval_duration", "eval_duration"], "measured, never twice the same"],
	[["signature"], "made up anew for each thought of Anthropic's API"],
];

/** The router's own fields in lists (DESIGN section 4): they say which machine. */
const ADDED = new Set(["fleet_nodes", "fleet_node"]);

const REMOVED_KEYS = new Set(REMOVED.flatMap(([keys]) => keys));

/** Equal for answers that differ only in what is listed above. */
export function comparable(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(comparable);
	if (ArrayBuffer.isView(value) || typeof value !== "object" || value === null) return value;
	return Object.fromEntries(
		Object.entries(value)
			.filter(([key, field]) => !ADDED.has(key) && typeof field !== "function")
			.map(([key, field]) => [key, REMOVED_KEYS.has(key) ? kindOf(field) : comparable(field)]),
	);
}

function kindOf(value: unknown): unknown {
	if (value === null || value === "") return value;
	// Some of OpenAI's times are a number while others of the same name are null
	return `<${value instanceof Date ? "date" : typeof value}>`;
}
