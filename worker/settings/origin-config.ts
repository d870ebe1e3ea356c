/** The settings under the names by which the origin's page shows them. Pure. */
import { POLICY } from "../routing/score.ts";
import type { Settings } from "../settings.ts";
import { type Environment, launchOf } from "./launch.ts";

/** What the origin has and this router has not is told as off. */
const ABSENT = { enabled: false } as const;

export function originConfig(settings: Settings, environment: Environment): Record<string, unknown> {
	const launch = launchOf(environment);
	const autoPull = settings.FLEET_AUTO_PULL ?? !settings.FLEET_EDGE;
	return {
		toggles: {
			auto_pull: autoPull,
			vram_fallback: settings.FLEET_VRAM_FALLBACK,
			dynamic_num_ctx: settings.FLEET_DYNAMIC_NUM_CTX,
			num_ctx_auto_calculate: false,
			image_generation: false,
			transcription: false,
			fleet_intelligence: false,
		},
		context: { dynamic_num_ctx: settings.FLEET_DYNAMIC_NUM_CTX, num_ctx_overrides: settings.FLEET_NUM_CTX_OVERRIDES },
		server: {
			host: launch?.host ?? "",
			port: launch?.port ?? 0,
			data_dir: launch?.data_dir ?? "",
			max_retries: settings.FLEET_MAX_RETRIES,
		},
		heartbeat: { timeout: settings.FLEET_HEARTBEAT_TIMEOUT, offline: settings.FLEET_HEARTBEAT_OFFLINE },
		scoring: Object.fromEntries(Object.entries(POLICY).map(([signal, { weight }]) => [`${signal}_max`, Math.abs(weight)])),
		rebalancer: ABSENT,
		pre_warm: ABSENT,
		auto_pull_config: { enabled: autoPull, timeout: settings.FLEET_AUTO_PULL_TIMEOUT, max_gb: settings.FLEET_AUTO_PULL_MAX_GB },
		context_protection: { mode: settings.FLEET_CONTEXT_PROTECTION },
		reaper: { stale_timeout: settings.FLEET_STALE_TIMEOUT },
	};
}
