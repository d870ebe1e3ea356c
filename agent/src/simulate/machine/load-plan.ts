/** Where a model would go if it were loaded now: context, size, share on the GPU, or why it can't. */
import type { ModelSpec } from "../models.ts";
import { isEmbedding, runnerBytes } from "./pace.ts";
import type { MachineProfile } from "../profiles.ts";
import type { RunnerOptions } from "./runner-options.ts";
import type { VersionRules } from "./version-rules.ts";

/** Beside others, a model may fill this much of what is free. */
const FILL_RATIO = 0.8;
/** The contexts Ollama falls back through when an automatic one is too much for the machine. */
const CONTEXT_TIERS = [262_144, 32_768, 4096];

export interface Room {
	profile: MachineProfile;
	rules: VersionRules;
	settings: { parallel: number; contextLength: number | undefined };
	/** Held by others now. */
	usedGpuBytes: number;
}

export interface LoadPlan {
	context: number;
	automaticContext: number;
	parallel: number;
	sizeBytes: number;
	gpuBytes: number;
	gpuShare: number;
	/** Without pushing anybody out. */
	fitsBeside: boolean;
	failure: string | undefined;
}

export function planLoad(model: ModelSpec, wanted: RunnerOptions, room: Room): LoadPlan {
	const { profile, rules, settings } = room;
	const parallel = isEmbedding(model) ? 1 : settings.parallel;
	const automaticContext = Math.min(settings.contextLength ?? profile.defaultContext, model.trainedContext);
	const context =
		wanted.context === undefined
			? largestThatFits(model, automaticContext, parallel, profile)
			: Math.min(wanted.context, model.trainedContext);
	const sizeBytes = Math.round(runnerBytes(model, context, parallel) + rules.computeBufferBytes);
	const usable = wanted.gpuLayers === 0 ? 0 : Math.max(0, profile.gpuUsableBytes - room.usedGpuBytes);
	const gpuBytes = Math.round(Math.min(sizeBytes, usable));
	return {
		context,
		automaticContext: wanted.context === undefined ? context : automaticContext,
		parallel,
		sizeBytes,
		gpuBytes,
		gpuShare: gpuBytes / sizeBytes,
		fitsBeside: profile.gpuUsableBytes === 0 || sizeBytes <= usable * FILL_RATIO,
		failure: sizeBytes > capacityBytes(profile) ? rules.tooLarge(sizeBytes, capacityBytes(profile)) : undefined,
	};
}

/** All memory a model could be put in. */
function capacityBytes(profile: MachineProfile): number {
	const separate = profile.gpu && !profile.gpu.unified ? profile.gpuUsableBytes : 0;
	return profile.ramBytes - profile.ramBaselineBytes + separate;
}

function largestThatFits(model: ModelSpec, automatic: number, parallel: number, profile: MachineProfile): number {
	const choices = [automatic, ...CONTEXT_TIERS.filter((tier) => tier < automatic)];
	return choices.find((context) => runnerBytes(model, context, parallel) <= capacityBytes(profile)) ?? automatic;
}
