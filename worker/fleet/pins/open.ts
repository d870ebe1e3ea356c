/** Puts the keeper of the pins together. */
import { canonicalName } from "../../routing/names.ts";
import type { Settings } from "../../settings.ts";
import { derived } from "../../settings/derived.ts";
import { modelUsage } from "../../traces/usage.ts";
import type { Savings } from "../savings.ts";
import type { FleetState } from "../state.ts";
import { type KeeperOptions, PinKeeper } from "./keeper.ts";
import { toSaved } from "./pins.ts";
import { Preloader } from "./preloader.ts";

export const PINS_KEY = "pins";
/** Ollama's own default. */
const USUAL_KEEP_ALIVE = "5m";

export interface KeeperParts extends Pick<KeeperOptions, "send" | "changed" | "doorLost"> {
	readonly savings: Savings;
	readonly database: D1Database;
}

export function openKeeper(state: FleetState, settings: () => Settings, { savings, database, ...ports }: KeeperParts): PinKeeper {
	const atStart = settings();
	const preloader = new Preloader({
		maxPerNode: atStart.FLEET_DISABLE_MODEL_PRELOADER ? 0 : atStart.FLEET_MODEL_PRELOAD_MAX_COUNT,
		startedAt: state.startedAt,
		usage: (until) => modelUsage(database, until),
	});
	const options: KeeperOptions = {
		...ports,
		ofEnvironment: atStart.FLEET_PINNED_MODELS,
		usualKeepAlive: derived(settings, ({ FLEET_KEEP_ALIVE: said }) => (said === "client" ? USUAL_KEEP_ALIVE : said)),
		numCtx: derived(settings, (now) => (now.FLEET_DYNAMIC_NUM_CTX ? byCanonicalName(now.FLEET_NUM_CTX_OVERRIDES) : {})),
		save: (pins) => savings.put(PINS_KEY, toSaved(pins)),
		now: Date.now,
	};
	return new PinKeeper(state, options, preloader);
}

function byCanonicalName(overrides: Readonly<Record<string, number>>): Record<string, number> {
	return Object.fromEntries(Object.entries(overrides).map(([model, numCtx]) => [canonicalName(model), numCtx]));
}
