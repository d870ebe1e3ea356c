/** The machines that can be simulated: what they are, and the constants their speed follows from. */

import { GOLDEN_PROFILE } from "./golden.ts";

const GIB = 1024 ** 3;
const GB = 1e9;

export interface MachineProfile {
	name: string;
	os: "darwin" | "linux" | "win32";
	arch: "arm64" | "x64";
	chip: string;
	coresPhysical: number;
	ramBytes: number;
	/** What the system and its owner's programs hold of the RAM. */
	ramBaselineBytes: number;
	/** The vendor's figure, decimal GB/s. */
	memoryBandwidthGbps: number;
	gpu?: { name: string; vendor: "nvidia" | "apple"; unified: boolean; memoryTotalBytes: number };
	/** What models may fill of the GPU; 0 on a machine without one. */
	gpuUsableBytes: number;
	/** The context Ollama chooses by itself on such a machine. */
	defaultContext: number;
	/** Decode: fixed milliseconds a token, plus bytes read over these bandwidths (GB/s). */
	tokenOverheadMs: number;
	decodeGbps: number;
	spillGbps: number;
	/** Prefill tokens per second for a model of one billion parameters, on the GPU and on the CPU. */
	prefillRate: number;
	spillPrefillRate: number;
	/** Tokens per second of a small embedding model. */
	embeddingRate: number;
	/** Load: start of the process, then the file at this rate; again from the page cache. */
	startMs: number;
	loadGbps: number;
	warmLoadGbps: number;
	unloadMs: number;
	/** The aggregate decode rate of b busy slots is that of one times b to this power. */
	batchExponent: { dense: number; mixture: number };
	temperatureCelsius: { idle: number; busy: number };
	diskBytes: number;
	battery: boolean;
	/** Installed when nothing else is asked for. */
	models: string[];
	resident: string[];
}

const APPLE = {
	os: "darwin",
	arch: "arm64",
	startMs: 1000,
	unloadMs: 200,
	batchExponent: { dense: 0.6, mixture: 0.4 },
} as const;

function appleGpu(name: string, ramBytes: number) {
	return { name, vendor: "apple", unified: true, memoryTotalBytes: ramBytes } as const;
}

export const PROFILES: Readonly<Record<string, MachineProfile>> = {
	"mac-studio": {
		...APPLE,
		name: "mac-studio",
		chip: "Apple M3 Ultra",
		coresPhysical: 32,
		ramBytes: 192 * GIB,
		ramBaselineBytes: 9 * GB,
		memoryBandwidthGbps: 819,
		gpu: appleGpu("Apple M3 Ultra", 192 * GIB),
		gpuUsableBytes: 144 * GIB,
		defaultContext: 262_144,
		tokenOverheadMs: 4,
		decodeGbps: 640,
		spillGbps: 120,
		prefillRate: 9500,
		embeddingRate: 20_000,
		spillPrefillRate: 600,
		loadGbps: 5.5,
		warmLoadGbps: 16,
		temperatureCelsius: { idle: 38, busy: 66 },
		diskBytes: 2000 * GB,
		battery: false,
		models: ["llama3.3:70b", "gpt-oss:20b", "qwen2.5:32b", "llama3.1:8b", "nomic-embed-text", "old-model:7b"],
		resident: ["llama3.3:70b"],
	},
	"gaming-pc": {
		name: "gaming-pc",
		os: "win32",
		arch: "x64",
		chip: "NVIDIA GeForce RTX 4090",
		coresPhysical: 16,
		ramBytes: 64 * GIB,
		ramBaselineBytes: 8 * GB,
		memoryBandwidthGbps: 1008,
		gpu: { name: "NVIDIA GeForce RTX 4090", vendor: "nvidia", unified: false, memoryTotalBytes: 24 * GIB },
		gpuUsableBytes: 23.5 * GIB,
		defaultContext: 32_768,
		tokenOverheadMs: 2.5,
		decodeGbps: 950,
		spillGbps: 70,
		prefillRate: 57_000,
		embeddingRate: 40_000,
		spillPrefillRate: 400,
		startMs: 1200,
		loadGbps: 3.5,
		warmLoadGbps: 9,
		unloadMs: 900,
		batchExponent: { dense: 0.8, mixture: 0.6 },
		temperatureCelsius: { idle: 41, busy: 72 },
		diskBytes: 2000 * GB,
		battery: false,
		models: ["gpt-oss:20b", "llama3.1:8b", "llama3.2:3b", "qwen3:8b", "nomic-embed-text"],
		resident: [],
	},
	"macbook-pro": {
		...APPLE,
		name: "macbook-pro",
		chip: "Apple M3 Max",
		coresPhysical: 16,
		ramBytes: 64 * GIB,
		ramBaselineBytes: 9 * GB,
		memoryBandwidthGbps: 400,
		gpu: appleGpu("Apple M3 Max", 64 * GIB),
		gpuUsableBytes: 48 * GIB,
		defaultContext: 262_144,
		tokenOverheadMs: 4.9,
		decodeGbps: 332,
		spillGbps: 66,
		prefillRate: 5000,
		embeddingRate: 12_000,
		spillPrefillRate: 400,
		loadGbps: 5,
		warmLoadGbps: 15,
		temperatureCelsius: { idle: 42, busy: 84 },
		diskBytes: 1000 * GB,
		battery: true,
		models: ["llama3.3:70b", "gpt-oss:20b", "llama3.1:8b", "qwen2.5-coder:7b", "gemma3:12b"],
		resident: [],
	},
	"mac-mini": {
		...APPLE,
		name: "mac-mini",
		chip: "Apple M4",
		coresPhysical: 10,
		ramBytes: 16 * GIB,
		ramBaselineBytes: 4 * GB,
		memoryBandwidthGbps: 120,
		gpu: appleGpu("Apple M4", 16 * GIB),
		gpuUsableBytes: 10.7 * GIB,
		defaultContext: 4096,
		tokenOverheadMs: 4,
		decodeGbps: 105,
		spillGbps: 21,
		prefillRate: 1850,
		embeddingRate: 5000,
		spillPrefillRate: 200,
		loadGbps: 2.8,
		warmLoadGbps: 9,
		temperatureCelsius: { idle: 39, busy: 70 },
		diskBytes: 512 * GB,
		battery: false,
		models: ["llama3.2:3b", "llama3.1:8b", "nomic-embed-text"],
		resident: [],
	},
	nuc: {
		name: "nuc",
		os: "linux",
		arch: "x64",
		chip: "Intel Core i5-1135G7",
		coresPhysical: 4,
		ramBytes: 32 * GIB,
		ramBaselineBytes: 2 * GB,
		memoryBandwidthGbps: 51.2,
		gpuUsableBytes: 0,
		defaultContext: 4096,
		tokenOverheadMs: 0,
		decodeGbps: 33.7,
		spillGbps: 33.7,
		prefillRate: 205,
		embeddingRate: 1000,
		spillPrefillRate: 205,
		startMs: 1000,
		loadGbps: 1.5,
		warmLoadGbps: 6,
		unloadMs: 200,
		batchExponent: { dense: 0.2, mixture: 0.2 },
		temperatureCelsius: { idle: 44, busy: 86 },
		diskBytes: 512 * GB,
		battery: false,
		models: ["llama3.2:3b", "nomic-embed-text"],
		resident: [],
	},
	golden: GOLDEN_PROFILE,
};

/** The five machines of the demonstration fleet, in the order they are shown. */
export const HOME_FLEET = ["mac-studio", "gaming-pc", "macbook-pro", "mac-mini", "nuc"] as const;

export function profileNamed(name: string): MachineProfile {
	const profile = PROFILES[name];
	if (!profile) throw new Error(`No machine profile is called "${name}"; there are ${Object.keys(PROFILES).join(", ")}`);
	return profile;
}
