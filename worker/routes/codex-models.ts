/** The fleet's models as Codex wants to read them, so that it knows each one's true context instead of guessing. Pure. */
import type { FleetResident, FleetTag } from "../fleet/listing.ts";
import { canonicalName } from "../routing/names.ts";

/** How much of a tool's output Codex keeps; its own value for models it does not know. */
const TOOL_OUTPUT_BYTES = 10_000;
/** Codex takes no list without them, and its own for the models of its maker would fill a small context by themselves. */
const INSTRUCTIONS = [
	"You are a coding agent in the user's terminal. You work in the current folder with the tools you are given until the task is done.",
	"Look before you change: read the files that matter, and follow the project's own conventions and instructions.",
	"Make the smallest change that solves the task. Never undo changes that you did not make.",
	"Afterwards check your work with what the project offers, its tests above all, and say plainly what you could not check.",
	"Before a group of tool calls say in one sentence what you are about to do. Keep the final answer short: what changed, and where.",
].join("\n");
const EFFORTS = [
	{ effort: "low", description: "Thinks briefly" },
	{ effort: "medium", description: "Thinks" },
	{ effort: "high", description: "Thinks at length" },
];

/** Models for chats only. */
export function codexModels(tags: readonly FleetTag[], resident: readonly FleetResident[]): Record<string, unknown>[] {
	const contexts = loadedContexts(resident);
	return tags
		.filter(({ capabilities }) => capabilities?.includes("completion") ?? true)
		.map((tag, priority) => toCodex(tag, { priority, context: contexts.get(canonicalName(tag.name)) }));
}

function toCodex(tag: FleetTag, { priority, context }: { priority: number; context: number | undefined }): Record<string, unknown> {
	const can = new Set(tag.capabilities ?? []);
	const trained = tag.details.context_length;
	const window = context ?? trained;
	return {
		slug: tag.name,
		display_name: tag.name,
		description: descriptionOf(tag),
		base_instructions: INSTRUCTIONS,
		...(can.has("thinking") && { default_reasoning_level: "medium" }),
		supported_reasoning_levels: can.has("thinking") ? EFFORTS : [],
		shell_type: can.has("tools") ? "shell_command" : "disabled",
		visibility: "list",
		supported_in_api: true,
		priority,
		availability_nux: null,
		upgrade: null,
		supports_reasoning_summaries: false,
		support_verbosity: false,
		default_verbosity: null,
		apply_patch_tool_type: null,
		truncation_policy: { mode: "bytes", limit: TOOL_OUTPUT_BYTES },
		supports_parallel_tool_calls: can.has("tools"),
		...(window !== undefined && { context_window: window }),
		...(trained !== undefined && { max_context_window: trained }),
		experimental_supported_tools: [],
		input_modalities: can.has("vision") ? ["text", "image"] : ["text"],
	};
}

/** The context a model has in memory now, the largest of its nodes: what it was trained for is only what it could have. */
function loadedContexts(resident: readonly FleetResident[]): Map<string, number> {
	const contexts = new Map<string, number>();
	for (const { name, context_length: length } of resident) {
		const key = canonicalName(name);
		if (length !== undefined) contexts.set(key, Math.max(length, contexts.get(key) ?? 0));
	}
	return contexts;
}

function descriptionOf({ details }: FleetTag): string {
	return [details.parameter_size, details.quantization_level].filter((part) => typeof part === "string" && part !== "").join(" ");
}
