/** The options a runner is started with, and when a request's options force a new start. */
import type { ModelSpec } from "../models.ts";
import type { VersionRules } from "./version-rules.ts";

/** `undefined` is Ollama's own choice. */
export interface RunnerOptions {
	context: number | undefined;
	batch: number | undefined;
	gpuLayers: number | undefined;
	mainGpu: number | undefined;
	mmap: boolean | undefined;
	threads: number | undefined;
	shift: boolean;
}

const SMALLEST_CONTEXT = 4;

export interface AskedOptions {
	options: Readonly<Record<string, unknown>>;
	shift?: boolean;
}

/** Request options over the Modelfile's over the server's (`OLLAMA_CONTEXT_LENGTH`). */
export function resolveRunnerOptions(model: ModelSpec, asked: AskedOptions, serverContext: number | undefined): RunnerOptions {
	const merged: Record<string, unknown> = { ...model.parameters, ...asked.options };
	const context = numeric(merged["num_ctx"]) ?? serverContext;
	const gpuLayers = numeric(merged["num_gpu"]);
	return {
		context: context === undefined ? undefined : Math.max(SMALLEST_CONTEXT, context),
		batch: numeric(merged["num_batch"]),
		gpuLayers: gpuLayers !== undefined && gpuLayers >= 0 ? gpuLayers : undefined,
		mainGpu: numeric(merged["main_gpu"]),
		mmap: typeof merged["use_mmap"] === "boolean" ? merged["use_mmap"] : undefined,
		threads: numeric(merged["num_thread"]) || undefined,
		shift: asked.shift ?? true,
	};
}

function numeric(value: unknown): number | undefined {
	return typeof value === "number" ? Math.trunc(value) : undefined;
}

export interface RunningOptions {
	/** As the load asked. */
	asked: RunnerOptions;
	/** What the runner has per slot. */
	context: number;
	/** What it would have had, had nobody asked. */
	automaticContext: number;
}

/** Whether a request with these options can't use the runner as it is. */
export function needsReload(running: RunningOptions, wanted: RunnerOptions, model: ModelSpec, rules: VersionRules): boolean {
	const { asked } = running;
	return (
		contextDiffers(running, wanted, model, rules) ||
		asked.batch !== wanted.batch ||
		(wanted.gpuLayers !== undefined && wanted.gpuLayers !== asked.gpuLayers) ||
		asked.threads !== wanted.threads ||
		mmapDiffers(asked.mmap, wanted.mmap, rules) ||
		(rules.shiftReloads && (asked.shift !== wanted.shift || asked.mainGpu !== wanted.mainGpu))
	);
}

function contextDiffers(running: RunningOptions, wanted: RunnerOptions, model: ModelSpec, rules: VersionRules): boolean {
	if (running.asked.context === undefined && wanted.context === undefined) return false;
	const cap = rules.contextIsCapped ? model.trainedContext : Number.POSITIVE_INFINITY;
	const runs = running.asked.context ?? running.context;
	return Math.min(runs, cap) !== Math.min(wanted.context ?? running.automaticContext, cap);
}

function mmapDiffers(runs: boolean | undefined, wanted: boolean | undefined, rules: VersionRules): boolean {
	return rules.automaticMmapIsOff ? (runs ?? false) !== (wanted ?? false) : runs !== wanted;
}
