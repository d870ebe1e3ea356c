/** Options besides `num_ctx` that start a runner anew. They are reported, never changed. Pure. */
import { type BodyFields, optionsOf } from "./body-fields.ts";

/** Since then llama-server runs the models, and some options are compared in another way (golden/BEHAVIOUR.md e, n). */
const LLAMA_SERVER_SINCE_MINOR = 30;
const BATCH_DEFAULT_BEFORE = 512;
const DRAFT_DEFAULT = 4;

/** Whether a value can differ from that of a runner which was loaded without it. */
const DIFFERS: Record<string, (value: unknown, llamaServer: boolean) => boolean> = {
	num_batch: (value, llamaServer) => isNumber(value) && (llamaServer || value !== BATCH_DEFAULT_BEFORE),
	num_gpu: (value) => isNumber(value) && value >= 0,
	main_gpu: (value, llamaServer) => isNumber(value) && (llamaServer || value !== 0),
	num_thread: (value) => isNumber(value) && value !== 0,
	use_mmap: (value, llamaServer) => value === true || (value === false && !llamaServer),
	draft_num_predict: (value) => isNumber(value) && value !== DRAFT_DEFAULT,
};

/** Their names. Another client may have loaded the model with the same values: then nothing reloads. */
export function reloadingOptions(fields: BodyFields, ollamaVersion: string | undefined): string[] {
	const llamaServer = runsLlamaServer(ollamaVersion);
	const options = optionsOf(fields);
	const names = Object.keys(DIFFERS).filter((name) => DIFFERS[name]?.(options[name], llamaServer));
	return llamaServer && fields.get("shift") === false ? [...names, "shift"] : names;
}

/** A source build (0.0.0) or an unknown version counts as new. */
function runsLlamaServer(version: string | undefined): boolean {
	const [major = 0, minor = 0] = (version ?? "").split(".").map((part) => Number.parseInt(part, 10));
	return !(major === 0 && minor > 0 && minor < LLAMA_SERVER_SINCE_MINOR);
}

function isNumber(value: unknown): value is number {
	return typeof value === "number";
}
