/** The models of the scenarios: sizes and shapes of reference/ollama-api.md 6.3, contexts of the routing study. */

const GB = 1e9;
const KIB = 1024;

export interface ModelSpec {
	readonly name: string;
	readonly fileBytes: number;
	/** Read for each token; less than the file for a mixture of experts. */
	readonly activeBytes: number;
	/** Billions that work on each token. */
	readonly activeParameters: number;
	readonly kvBytesPerToken: number;
	readonly contextTokens: number;
	readonly isMixture: boolean;
	readonly isEmbedding: boolean;
}

/** Columns: file GB, active GB, active billions of parameters, KiB of cache per token, context. */
function model(name: string, figures: readonly number[]): ModelSpec {
	const [fileGb = 0, activeGb = 0, activeParameters = 0, kvKib = 0, contextTokens = 0] = figures;
	return {
		name,
		fileBytes: fileGb * GB,
		activeBytes: activeGb * GB,
		activeParameters,
		kvBytesPerToken: kvKib * KIB,
		contextTokens,
		isMixture: activeGb < fileGb && kvKib > 0,
		isEmbedding: kvKib === 0,
	};
}

export const LLAMA_3B = model("llama3.2:3b", [2.02, 2.02, 3.21, 112, 8192]);
export const QWEN_7B = model("qwen2.5:7b", [4.68, 4.68, 7.6, 56, 32_768]);
export const LLAMA_8B = model("llama3.1:8b", [4.92, 4.92, 8.03, 128, 16_384]);
export const GPT_OSS = model("gpt-oss:20b", [13.8, 2, 3.6, 48, 65_536]);
export const QWEN_32B = model("qwen2.5:32b", [19.85, 19.85, 32.8, 256, 8192]);
export const LLAMA_70B = model("llama3.3:70b", [42.5, 42.5, 70.6, 320, 8192]);
export const NOMIC = model("nomic-embed-text:latest", [0.274, 0.274, 0.137, 0, 2048]);

export const HOME_MODELS = [LLAMA_3B, QWEN_7B, LLAMA_8B, GPT_OSS, QWEN_32B, LLAMA_70B, NOMIC];

/** Twenty from 2 to 42.5 GB, two of them mixtures of experts: sizes between the ends in even ratios. */
export const MANY_MODELS = Array.from({ length: 20 }, (_, index) => manyModel(index));

function manyModel(index: number): ModelSpec {
	const fileGb = 2 * (42.5 / 2) ** (index / 19);
	const isMixture = index === 11 || index === 16;
	const share = isMixture ? 0.15 : 1;
	const name = `model-${String(index).padStart(2, "0")}:latest`;
	return model(name, [fileGb, fileGb * share, fileGb * 1.65 * share, 128 * Math.sqrt(fileGb / 4.92), fileGb > 15 ? 8192 : 16_384]);
}

/** Everything a runner holds: weights, the cache of all its places, buffers. */
export function neededBytesOf({ fileBytes, kvBytesPerToken, contextTokens }: ModelSpec, parallel: number): number {
	const tokens = contextTokens * parallel;
	const surcharge = tokens <= 4096 ? 0 : tokens <= 32_768 ? 0.77 * GB : 2 * GB;
	return fileBytes + kvBytesPerToken * tokens + 0.5 * GB + surcharge;
}
