/** What the settings say about waiting and choosing. Pure. */
import { RULE_DEFAULTS } from "../routing/rule/settings.ts";
import type { Settings } from "../settings.ts";
import type { QueueLimits } from "./queue.ts";

export function queueLimits(settings: Settings): QueueLimits {
	return {
		maxWaiting: settings.FLEET_QUEUE_MAX,
		timeoutMs: settings.FLEET_QUEUE_TIMEOUT_S * 1000,
		batchTimeoutMs: settings.FLEET_BATCH_TIMEOUT_S * 1000,
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
