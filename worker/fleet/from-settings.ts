/** What the settings mean for the Fleet object's parts. Pure. */
import { RULE_DEFAULTS } from "../routing/rule/settings.ts";
import type { Settings } from "../settings.ts";
import type { AutoPullSettings } from "./auto-pull/auto-pulls.ts";
import type { Patience } from "./liveness.ts";
import type { QueueLimits } from "./queue.ts";
import type { RecordsOptions } from "./records-options.ts";

export function patienceOf(settings: Settings): Patience {
	return { degradedAfterMs: settings.FLEET_HEARTBEAT_TIMEOUT * 1000, offlineAfterMs: settings.FLEET_HEARTBEAT_OFFLINE * 1000 };
}

export function recordsOptions(settings: Settings): RecordsOptions {
	return { retentionDays: settings.FLEET_TRACE_RETENTION_DAYS, mayVanish: settings.FLEET_EDGE };
}

export function limitsOf(settings: Settings): QueueLimits {
	return {
		maxWaiting: settings.FLEET_QUEUE_MAX,
		timeoutMs: settings.FLEET_QUEUE_TIMEOUT_S * 1000,
		batchTimeoutMs: settings.FLEET_BATCH_TIMEOUT_S * 1000,
		pullTimeoutMs: settings.FLEET_AUTO_PULL_TIMEOUT * 1000,
		aliases: { ...settings.FLEET_ANTHROPIC_MODEL_MAP, ...settings.FLEET_ALIASES },
		contextProtection: settings.FLEET_CONTEXT_PROTECTION,
		fallback: {
			vram: settings.FLEET_VRAM_FALLBACK,
			vramAfterS: settings.FLEET_VRAM_FALLBACK_AFTER_S,
			crossCategory: settings.FLEET_VRAM_FALLBACK_CROSS_CATEGORY,
			preferHot: settings.FLEET_FALLBACK_PREFER_HOT,
		},
		rule: { ...RULE_DEFAULTS, fairShare: settings.FLEET_FAIR_SHARE, batchMaxWaitS: settings.FLEET_BATCH_MAX_WAIT_S || Infinity },
	};
}

/** Behind a public address strangers ask for models: there nothing is pulled unless the owner says so. */
export function autoPullSettings(settings: Settings): AutoPullSettings {
	return {
		enabled: settings.FLEET_AUTO_PULL ?? !settings.FLEET_EDGE,
		maxGb: settings.FLEET_AUTO_PULL_MAX_GB,
		registryUrl: settings.FLEET_REGISTRY_URL,
	};
}
