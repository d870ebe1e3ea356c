/** Everything that differs between the last release with its own engine (0.24) and those on llama-server (0.30 and later). */

export interface VersionRules {
	/** `capabilities` and the two lengths in `/api/tags`. */
	tagsShowCapabilities: boolean;
	/** llama-server runs the models, and renders the templates that lie in the GGUF; before, Ollama did both itself. */
	llamaServer: boolean;
	/** An unset `use_mmap` equals false; before, it equalled only unset. */
	automaticMmapIsOff: boolean;
	/** A differing context shift or main GPU reloads. */
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
	/** What a model too large for the machine is told. */
	tooLarge: (needBytes: number, haveBytes: number) => string;
	/** The eval time of a single token is left out: counting starts after the first. */
	firstTokenIsFree: boolean;
	/** How a refused `reasoning_effort` is quoted. */
	effortQuote: string;
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
}

const SWITCHED_AT = [0, 30] as const;
const GIB = 1024 ** 3;
const MIB = 1024 ** 2;

function gib(bytes: number): string {
	return (bytes / GIB).toFixed(1);
}

/** The last words of llama-server, several lines in one text. */
function insufficient(needBytes: number): string {
	const bytes = Math.round(needBytes);
	return [
		`llama-server process has terminated: exit status 1: ggml_aligned_malloc: insufficient memory (attempted to allocate ${(bytes / MIB).toFixed(2)} MB)`,
		`ggml_backend_cpu_buffer_type_alloc_buffer: failed to allocate buffer of size ${bytes}`,
		`alloc_tensor_range: failed to allocate CPU buffer of size ${bytes}`,
		"llama_init_from_model: failed to initialize the context: failed to allocate buffer for kv cache",
	].join("\n");
}

const BEFORE: VersionRules = {
	tagsShowCapabilities: false,
	llamaServer: false,
	automaticMmapIsOff: false,
	shiftReloads: false,
	contextIsCapped: false,
	ramPromptCache: false,
	cutKeepsHalf: false,
	smallestRunnerContext: 4,
	blindModelsRefuseImages: false,
	chatModelEmbedding: undefined,
	showNamesTag: false,
	roleOnlyInFirstDelta: false,
	reasoningEfforts: ["high", "medium", "low", "max", "none"],
	effortQuote: "'",
	tooLarge: (need, have) => `model requires more system memory (${gib(need)} GiB) than is available (${gib(have)} GiB)`,
	firstTokenIsFree: true,
	microsecondMetrics: false,
	computeBufferBytes: 0,
	halfCloseText: "error reading llm response: context canceled",
};

const SINCE: VersionRules = {
	tagsShowCapabilities: true,
	llamaServer: true,
	automaticMmapIsOff: true,
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
	effortQuote: '"',
	tooLarge: insufficient,
	firstTokenIsFree: false,
	microsecondMetrics: true,
	computeBufferBytes: 16_400_000,
	halfCloseText: "error reading llama-server response: context canceled",
};

/** Before 0.30 some families (qwen3, gemma3, gpt-oss, bert) ran on an engine of their own, with words of its own. */
const NEW_ENGINE: Partial<VersionRules> = {
	chatModelEmbedding: { status: 501, text: "this model does not support embeddings" },
	tooLarge: () =>
		"model failed to load, this may be due to resource limitations or an internal error, check ollama server logs for details",
};

/** A version that is no dotted number counts as the newest. */
export function versionRules(version: string, newEngine = false): VersionRules {
	const [major, minor] = version.split(".").map(Number);
	if (major === undefined || minor === undefined || Number.isNaN(major) || Number.isNaN(minor)) return SINCE;
	return major > SWITCHED_AT[0] || (major === SWITCHED_AT[0] && minor >= SWITCHED_AT[1])
		? SINCE
		: { ...BEFORE, ...(newEngine && NEW_ENGINE) };
}
