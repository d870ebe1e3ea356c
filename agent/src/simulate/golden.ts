/** The machine and the small test models that the recordings of real servers were made with. */
import type { ModelSpec } from "./models.ts";
import type { MachineProfile } from "./profiles.ts";

const GIB = 1024 ** 3;

const LLAMA: Omit<ModelSpec, "name" | "capabilities"> = {
	family: "llama",
	parameterSize: "6.87M",
	parameterCount: 6_867_968,
	quantization: "F16",
	fileBytes: 13_767_670,
	activeParameters: 0.00687,
	activeBytes: 13_767_670,
	kvBytesPerToken: 1024,
	trainedContext: 8192,
	embeddingLength: 1024,
	template: "ollama",
};

const TRAINED: Omit<ModelSpec, "name" | "capabilities"> = {
	...LLAMA,
	parameterSize: "6.12M",
	parameterCount: 6_116_352,
	fileBytes: 12_256_608,
	speech: "trained",
};
const SLOW = {
	...LLAMA,
	parameterSize: "129.17M",
	parameterCount: 129_170_000,
	fileBytes: 258_382_813,
	speech: "endless",
	millisecondsPerToken: { decode: 60, prefill: 50 },
} as const;

export const GOLDEN_MODELS: readonly ModelSpec[] = [
	{
		...LLAMA,
		name: "tiny",
		capabilities: ["completion"],
		system: "Be brief.",
		license: "Public domain",
		parameters: { temperature: 0.7, num_predict: 24, stop: ["<|im_end|>"] },
	},
	{ ...LLAMA, name: "endless", capabilities: ["completion"], speech: "endless", weightsOf: "tiny" },
	{ ...LLAMA, name: "tiny-big-ctx", capabilities: ["completion"], speech: "endless", weightsOf: "tiny", parameters: { num_ctx: 8192 } },
	{ ...SLOW, name: "slow", capabilities: ["completion"] },
	{ ...SLOW, name: "slow2", capabilities: ["completion"] },
	{
		...LLAMA,
		name: "huge",
		parameterSize: "1.3B",
		parameterCount: 1_300_000_000,
		fileBytes: 2_532_901_274,
		capabilities: ["completion"],
		speech: "endless",
	},
	{ ...TRAINED, name: "tools", capabilities: ["completion", "tools"] },
	{ ...TRAINED, name: "think", capabilities: ["completion", "tools", "thinking"] },
	{ ...TRAINED, name: "jinja", capabilities: ["tools", "completion"], template: "gguf" },
	{
		...LLAMA,
		name: "memhog",
		parameterSize: "10.54M",
		fileBytes: 21_107_612,
		kvBytesPerToken: 8192,
		trainedContext: 16_777_216,
		capabilities: ["completion"],
	},
	{ ...LLAMA, name: "fim", capabilities: ["completion", "insert"], speech: "endless", parameters: { num_predict: 12 } },
	{
		...LLAMA,
		name: "embed",
		family: "bert",
		parameterSize: "126K",
		fileBytes: 333_970,
		kvBytesPerToken: 0,
		trainedContext: 512,
		embeddingLength: 64,
		capabilities: ["embedding"],
	},
	{ ...LLAMA, name: "pulled", parameterSize: "1M", capabilities: ["completion"] },
];

export const GOLDEN_PROFILE: MachineProfile = {
	name: "golden",
	os: "linux",
	arch: "x64",
	chip: "two shared cores",
	coresPhysical: 2,
	ramBytes: 23 * GIB,
	ramBaselineBytes: 1e9,
	memoryBandwidthGbps: 20,
	gpuUsableBytes: 0,
	defaultContext: 4096,
	tokenOverheadMs: 4,
	decodeGbps: 10,
	spillGbps: 10,
	prefillRate: 5,
	spillPrefillRate: 5,
	embeddingRate: 5000,
	startMs: 280,
	loadGbps: 1,
	warmLoadGbps: 4,
	unloadMs: 40,
	batchExponent: { dense: 0.2, mixture: 0.2 },
	temperatureCelsius: { idle: 40, busy: 70 },
	diskBytes: 100e9,
	battery: false,
	models: GOLDEN_MODELS.map(({ name }) => name).filter((name) => name !== "pulled"),
	resident: [],
};
