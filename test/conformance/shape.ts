/** What of a body must be equal and what only alike: a text with everything replaced that may differ from run to run. */

/** Values made up by a model, a clock, a disk or chance: compared by their type. */
const FREE_KEYS = new Set(
	[
		"response content text thinking reasoning delta encrypted_content partial_json signature",
		"created_at completed_at modified_at expires_at created",
		"total_duration load_duration prompt_eval_duration eval_duration prompt_eval_count eval_count",
		"prompt_tokens completion_tokens total_tokens input_tokens output_tokens sequence_number",
		"id call_id item_id request_id digest size size_vram total completed token logprob parameter_count",
	].flatMap((keys) => keys.split(" ")),
);
/** A model's own: the presence is compared. */
const OPAQUE_KEYS = new Set([
	"model_info",
	"tensors",
	"modelfile",
	"license",
	"template",
	"parameters",
	"context",
	"embedding",
	"embeddings",
	"logprobs",
	"arguments",
	"input",
	"rendered_template",
]);
/** Numbers and hashes inside fixed sentences. */
const HEX = /[0-9a-f]{12,64}/g;
const MODELS_FOLDER = /\/[\w./]+\/models\/(?=blobs|manifests)/g;
const NUMBER = /\d+(\.\d+)?/g;
const SENTENCES_WITH_NUMBERS = /tokens\)|system memory|insufficient memory|n_prompt_tokens|https?:\/\//;

/** The same text for two JSON texts that agree in everything that must. Key order counts. */
export function shapeOf(json: string): string {
	try {
		return JSON.stringify(shape(JSON.parse(json), ""));
	} catch {
		return json;
	}
}

function shape(value: unknown, key: string): unknown {
	if (value === null) return null;
	// One name for two things: lines of a Modelfile, and the schema of a tool.
	if (OPAQUE_KEYS.has(key) && !(key === "parameters" && typeof value === "object")) return `<${kindOf(value)}>`;
	if (Array.isArray(value)) return listShape(value, key);
	if (typeof value === "object") return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, shape(entry, name)]));
	if (FREE_KEYS.has(key)) return value === "" ? "" : `<${typeof value}>`;
	return typeof value === "string" ? sentence(value) : value;
}

/** Lists of models and the like: which kinds of entries there are, not how many or in what order. */
function listShape(list: readonly unknown[], key: string): unknown {
	if (key !== "models" && key !== "data") return list.map((entry) => shape(entry, ""));
	const kinds = new Set(list.map((entry) => JSON.stringify(keysOnly(entry))));
	return [...kinds].toSorted();
}

function keysOnly(value: unknown): unknown {
	if (Array.isArray(value)) return "<list>";
	if (typeof value !== "object" || value === null) return `<${typeof value}>`;
	return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, keysOnly(entry)]));
}

function kindOf(value: unknown): string {
	if (Array.isArray(value)) return value.length === 0 ? "empty list" : "list";
	return value === "" ? "empty text" : typeof value;
}

function sentence(text: string): string {
	const hashed = text.replace(HEX, "<hex>").replace(MODELS_FOLDER, "<models>/");
	return SENTENCES_WITH_NUMBERS.test(hashed) ? hashed.replace(NUMBER, "<n>") : hashed;
}

/** Lines or frames of one HTTP chunk, each by its shape. */
function chunkShape(chunk: string): string {
	return chunk
		.split("\n")
		.map((line) => {
			const data = /^data: (\{.*)$/.exec(line)?.[1];
			return data === undefined ? shapeOf(line) : `data: ${shapeOf(data)}`;
		})
		.join("\n");
}

/** The chunks of a stream, equal neighbours counted once: how many tokens an answer has is the model's affair. */
export function streamShape(chunks: readonly string[]): string[] {
	return chunks.map(chunkShape).filter((shaped, index, all) => shaped !== all[index - 1]);
}
