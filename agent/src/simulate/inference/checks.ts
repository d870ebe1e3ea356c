/** What Ollama refuses before anything is queued, in its words. */
import { fullName, parseName } from "../machine/names.ts";
import type { Installed, ModelStore } from "../machine/store.ts";

export interface Refusal {
	kind: "refused";
	status: number;
	text: string;
	/** Found by the runner: a stream then answers without a length. */
	inRunner: boolean;
}

export function refuse(status: number, text: string, inRunner = false): Refusal {
	return { kind: "refused", status, text, inRunner };
}

/** The model, or why it can't be had; the wording of "missing" and "empty" differs between routes. */
export function findModel(store: ModelStore, name: string, words: { empty: Refusal; missing: string; cloud: string }): Installed | Refusal {
	if (name === "") return words.empty;
	if (name.endsWith(":cloud")) return refuse(502, words.cloud);
	if (!parseName(name)) return refuse(400, "invalid model name");
	return store.find(name) ?? refuse(404, words.missing);
}

export function lacksCapability(model: Installed, capability: "tools" | "insert"): Refusal | undefined {
	if (model.spec.capabilities.includes(capability)) return undefined;
	const name = parseName(model.name);
	return refuse(400, `${name ? fullName(name) : model.name} does not support ${capability}`);
}

const INTEGER_OPTIONS = [
	"num_keep",
	"seed",
	"num_predict",
	"top_k",
	"repeat_last_n",
	"num_ctx",
	"num_batch",
	"num_gpu",
	"main_gpu",
	"num_thread",
	"draft_num_predict",
];
const FLOAT_OPTIONS = ["top_p", "min_p", "typical_p", "temperature", "repeat_penalty", "presence_penalty", "frequency_penalty"];
const TYPE_WORDS: Readonly<Record<string, string>> = { integer: "integer", float32: "float32", boolean: "boolean", array: "an array" };

/** Options of a wrong type; unknown ones are nobody's business. */
export function wrongOption(options: Readonly<Record<string, unknown>>): Refusal | undefined {
	for (const [name, value] of Object.entries(options)) {
		const wanted = wantedType(name);
		if (wanted === undefined || value === null) continue;
		if (!hasType(value, wanted)) return refuse(500, `option ${JSON.stringify(name)} must be of type ${TYPE_WORDS[wanted] ?? wanted}`);
	}
	return undefined;
}

function wantedType(name: string): string | undefined {
	if (INTEGER_OPTIONS.includes(name)) return "integer";
	if (FLOAT_OPTIONS.includes(name)) return "float32";
	if (name === "use_mmap") return "boolean";
	return name === "stop" ? "array" : undefined;
}

function hasType(value: unknown, wanted: string): boolean {
	if (wanted === "array") return Array.isArray(value);
	return wanted === "boolean" ? typeof value === "boolean" : typeof value === "number";
}

/** The refusal of a format that is neither `"json"` nor a schema. */
export function wrongFormat(format: unknown): Refusal | undefined {
	if (format === undefined || format === "json" || (typeof format === "object" && format !== null)) return undefined;
	return refuse(500, `invalid format: ${JSON.stringify(JSON.stringify(format))}; expected "json" or a valid JSON Schema object`, true);
}

export function wrongTopLogprobs(topLogprobs: number | undefined): Refusal | undefined {
	if (topLogprobs === undefined || (topLogprobs >= 0 && topLogprobs <= 20)) return undefined;
	return refuse(400, "top_logprobs must be between 0 and 20");
}
