/** Everything that differs between the last release with its own engine (0.24) and those on llama-server (0.30 and later). */

export interface VersionRules {
	/** `capabilities` and the two lengths in `/api/tags`. */
	tagsShowCapabilities: boolean;
	/** Unset runner options match anything; before, the options had to be equal. */
	automaticOptionsAreNeutral: boolean;
	/** A differing context shift or main GPU reloads; `use_mmap: false` does not. */
	shiftReloads: boolean;
	/** A context above the trained length is the trained length. */
	contextIsCapped: boolean;
	/** Sequences pushed out of a slot are kept in RAM and found again. */
	ramPromptCache: boolean;
	/** Prompts cut for length keep about half the context, not all of it. */
	cutKeepsHalf: boolean;
	/** llama-server never runs with less context than this. */
	smallestRunnerContext: number;
	/** Whether an image to a blind model is refused. */
	blindModelsRefuseImages: boolean;
	/** What embedding with a chat model gives: a vector, or this refusal. */
	chatModelEmbedding: { status: number; text: string } | undefined;
	/** `show` of a missing model names it with its tag. */
	showNamesTag: boolean;
	/** `/v1/chat/completions`: the role only in the first delta, and an empty finish delta. */
	roleOnlyInFirstDelta: boolean;
	/** The efforts a refused `reasoning_effort` lists. */
	reasoningEfforts: string[];
	/** Durations of the runner are whole microseconds. */
	microsecondMetrics: boolean;
	/** Compute buffers counted in the size of `/api/ps`. */
	computeBufferBytes: number;
	/** The last line of a stream whose client closed its sending side. */
	halfCloseText: string;
	repeatPenalty: number;
	imageRoutes: boolean;
}

const SWITCHED_AT = [0, 30] as const;

const BEFORE: VersionRules = {
	tagsShowCapabilities: false,
	automaticOptionsAreNeutral: false,
	shiftReloads: false,
	contextIsCapped: false,
	ramPromptCache: false,
	cutKeepsHalf: false,
	smallestRunnerContext: 4,
	blindModelsRefuseImages: false,
	chatModelEmbedding: undefined,
	showNamesTag: false,
	roleOnlyInFirstDelta: false,
	reasoningEfforts: ["high", "medium", "low", "none"],
	microsecondMetrics: false,
	computeBufferBytes: 0,
	halfCloseText: "error reading llm response: context canceled",
	repeatPenalty: 1.1,
	imageRoutes: true,
};

const SINCE: VersionRules = {
	tagsShowCapabilities: true,
	automaticOptionsAreNeutral: true,
	shiftReloads: true,
	contextIsCapped: true,
	ramPromptCache: true,
	cutKeepsHalf: true,
	smallestRunnerContext: 256,
	blindModelsRefuseImages: true,
	chatModelEmbedding: { status: 501, text: "This server does not support embeddings. Start it with `--embeddings`" },
	showNamesTag: true,
	roleOnlyInFirstDelta: true,
	reasoningEfforts: ["minimal", "low", "medium", "high", "xhigh", "ultra", "max", "none"],
	microsecondMetrics: true,
	computeBufferBytes: 16_400_000,
	halfCloseText: "error reading llama-server response: context canceled",
	repeatPenalty: 1,
	imageRoutes: false,
};

/** A version that is no dotted number counts as the newest. */
export function versionRules(version: string): VersionRules {
	const [major, minor] = version.split(".").map(Number);
	if (major === undefined || minor === undefined || Number.isNaN(major) || Number.isNaN(minor)) return SINCE;
	return major > SWITCHED_AT[0] || (major === SWITCHED_AT[0] && minor >= SWITCHED_AT[1]) ? SINCE : BEFORE;
}
