/** The models a simulated machine can hold: sizes and shapes as in Ollama's library. */

import { GOLDEN_MODELS } from "./golden.ts";

const GB = 1e9;
const KIB = 1024;

export type Capability = "completion" | "tools" | "insert" | "vision" | "embedding" | "thinking";

export interface ModelSpec {
	name: string;
	family: string;
	parameterSize: string;
	quantization: string;
	fileBytes: number;
	/** Billions of parameters that work on each token, and the bytes read for one. */
	activeParameters: number;
	activeBytes: number;
	/** A mixture of experts gains more from batching. */
	mixture?: boolean;
	kvBytesPerToken: number;
	trainedContext: number;
	embeddingLength: number;
	parameterCount: number;
	capabilities: Capability[];
	/** Where the chat template lives: rendered by Ollama, or inside the GGUF and rendered by llama-server. */
	template: "ollama" | "gguf";
	/** `PARAMETER` lines of the Modelfile. */
	parameters?: Record<string, string | number | string[]>;
	system?: string;
	license?: string;
	/** Other names that share these weights name them here. */
	weightsOf?: string;
	/** What it says when not plain sentences: no end, or what a small model learned to answer to cue words. */
	speech?: "endless" | "trained";
	/** Speed measured on the model itself, instead of worked out from sizes. */
	millisecondsPerToken?: { decode: number; prefill: number };
}

type Row = Omit<ModelSpec, "name" | "activeBytes" | "quantization" | "template" | "parameterCount"> & Partial<ModelSpec>;

function model(name: string, row: Row): ModelSpec {
	return {
		name,
		quantization: "Q4_K_M",
		activeBytes: row.fileBytes,
		template: "ollama",
		parameterCount: Math.round(row.activeParameters * 1e9),
		...row,
	};
}

const CHAT: Capability[] = ["completion", "tools"];

const TABLE: ModelSpec[] = [
	model("llama3.2:3b", {
		family: "llama",
		parameterSize: "3.2B",
		fileBytes: 2.02 * GB,
		activeParameters: 3.21,
		kvBytesPerToken: 112 * KIB,
		trainedContext: 131_072,
		embeddingLength: 3072,
		capabilities: CHAT,
	}),
	model("qwen2.5:7b", {
		family: "qwen2",
		parameterSize: "7.6B",
		fileBytes: 4.68 * GB,
		activeParameters: 7.6,
		kvBytesPerToken: 56 * KIB,
		trainedContext: 32_768,
		embeddingLength: 3584,
		capabilities: CHAT,
	}),
	model("qwen2.5-coder:7b", {
		family: "qwen2",
		parameterSize: "7.6B",
		fileBytes: 4.68 * GB,
		activeParameters: 7.6,
		kvBytesPerToken: 56 * KIB,
		trainedContext: 32_768,
		embeddingLength: 3584,
		capabilities: ["completion", "tools", "insert"],
	}),
	model("llama3.1:8b", {
		family: "llama",
		parameterSize: "8.0B",
		fileBytes: 4.92 * GB,
		activeParameters: 8.03,
		kvBytesPerToken: 128 * KIB,
		trainedContext: 131_072,
		embeddingLength: 4096,
		capabilities: CHAT,
	}),
	model("qwen3:8b", {
		family: "qwen3",
		parameterSize: "8.2B",
		fileBytes: 5.23 * GB,
		activeParameters: 8.19,
		kvBytesPerToken: 144 * KIB,
		trainedContext: 40_960,
		embeddingLength: 4096,
		capabilities: ["completion", "tools", "thinking"],
	}),
	model("gemma3:12b", {
		family: "gemma3",
		parameterSize: "12.2B",
		fileBytes: 8.15 * GB,
		activeParameters: 12.2,
		kvBytesPerToken: 64 * KIB,
		trainedContext: 131_072,
		embeddingLength: 3840,
		capabilities: ["completion", "vision"],
	}),
	model("old-model:7b", {
		family: "llama",
		parameterSize: "6.7B",
		quantization: "Q4_0",
		fileBytes: 3.83 * GB,
		activeParameters: 6.74,
		kvBytesPerToken: 512 * KIB,
		trainedContext: 4096,
		embeddingLength: 4096,
		capabilities: ["completion"],
	}),
	model("gpt-oss:20b", {
		family: "gptoss",
		parameterSize: "20.9B",
		quantization: "MXFP4",
		fileBytes: 13.8 * GB,
		activeParameters: 3.6,
		activeBytes: 2 * GB,
		parameterCount: 20_914_757_184,
		mixture: true,
		kvBytesPerToken: 48 * KIB,
		trainedContext: 131_072,
		embeddingLength: 2880,
		capabilities: ["completion", "tools", "thinking"],
	}),
	model("qwen2.5:32b", {
		family: "qwen2",
		parameterSize: "32.8B",
		fileBytes: 19.85 * GB,
		activeParameters: 32.8,
		kvBytesPerToken: 256 * KIB,
		trainedContext: 32_768,
		embeddingLength: 5120,
		capabilities: CHAT,
	}),
	model("llama3.3:70b", {
		family: "llama",
		parameterSize: "70.6B",
		fileBytes: 42.5 * GB,
		activeParameters: 70.6,
		kvBytesPerToken: 320 * KIB,
		trainedContext: 131_072,
		embeddingLength: 8192,
		capabilities: CHAT,
	}),
	model("nomic-embed-text", {
		family: "nomic-bert",
		parameterSize: "137M",
		quantization: "F16",
		fileBytes: 0.274 * GB,
		activeParameters: 0.137,
		kvBytesPerToken: 0,
		trainedContext: 2048,
		embeddingLength: 768,
		capabilities: ["embedding"],
	}),
];

export const MODELS: ReadonlyMap<string, ModelSpec> = new Map([...TABLE, ...GOLDEN_MODELS].map((spec) => [spec.name, spec]));

export function modelNamed(name: string): ModelSpec {
	const spec = MODELS.get(name);
	if (!spec) throw new Error(`No simulated model is called "${name}"; there are ${[...MODELS.keys()].join(", ")}`);
	return spec;
}
