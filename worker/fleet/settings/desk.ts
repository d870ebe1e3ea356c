/** What may be asked and changed about settings, from outside the Fleet object. */
import { RpcTarget } from "cloudflare:workers";
import { type Env, settingsOf, settingsWith } from "../../env.ts";
import { log } from "../../log.ts";
import type { SettingChange, SettingsChanged, SettingsReport } from "../../protocol/settings.ts";
import { isEmbedder } from "../../routing/candidate.ts";
import { readWish } from "../../settings/change.ts";
import { keyOf, type SettingName } from "../../settings/facts.ts";
import { GROUPS } from "../../settings/forms.ts";
import type { Overrides } from "../../settings/in-force.ts";
import { launchOf } from "../../settings/launch.ts";
import { originConfig } from "../../settings/origin-config.ts";
import { settingList } from "../../settings/report.ts";
import { ROUTER_VERSION } from "../../version.ts";
import type { FleetState, NodeRecord } from "../state.ts";
import type { SettingsKeeper } from "./keeper.ts";

export interface SettingsDeskParts {
	readonly env: Env;
	readonly state: FleetState;
	readonly keeper: SettingsKeeper;
	/** To be called when something is in force that was not. */
	readonly changed: () => void;
}

export type Change =
	| ({ readonly kind: "done" } & SettingsChanged)
	| { readonly kind: "refused"; readonly status: number; readonly message: string };

export class SettingsDesk extends RpcTarget {
	readonly #parts: SettingsDeskParts;

	constructor(parts: SettingsDeskParts) {
		super();
		this.#parts = parts;
	}

	/** JSON, since the type of a call to an object gives up at values of unknown type. */
	report(): string {
		const { env, state, keeper } = this.#parts;
		const settings = settingsOf(env);
		const report: SettingsReport = {
			router_version: ROUTER_VERSION,
			router_hostname: launchOf(env)?.hostname ?? "",
			config: originConfig(settings, env),
			nodes: [...state.nodes.values()].map(toNode),
			groups: Object.entries(GROUPS).map(([id, label]) => ({ id, label })),
			settings: settingList({ settings, environment: env, overrides: keeper.overrides }),
			changes: [...keeper.changes],
		};
		return JSON.stringify(report);
	}

	/** `wish` is JSON. */
	async change(wish: string, by: string): Promise<Change> {
		const { env, keeper, changed } = this.#parts;
		const read = readWish(JSON.parse(wish), { settings: settingsOf(env), environment: env });
		if (read.kind === "refused") return { ...read, status: 400 };
		const { ignored } = read;
		const values = new Map([...read.values].filter(([name, text]) => (keeper.overrides.values[name] ?? null) !== text));
		if (values.size === 0)
			return { kind: "done", status: "no_change", message: "Nothing was asked that is not so already", ...ignoring(ignored) };
		try {
			await keeper.change(values, (next) => this.#changes([...values.keys()], by, next));
		} catch {
			return {
				kind: "refused",
				status: 503,
				message: "the disk takes nothing now, so the change would not last: make room, then try again",
			};
		}
		changed();
		const now = settingsOf(env);
		const updated = Object.fromEntries([...values.keys()].map((name) => [keyOf(name), now[name]]));
		log("info", "Settings changed", { by, names: [...values.keys()] });
		return { kind: "done", status: "updated", updated, ...ignoring(ignored), not_persisted: [], restart_required: [] };
	}

	#changes(names: readonly SettingName[], by: string, next: Overrides): SettingChange[] {
		const [before, after] = [settingsOf(this.#parts.env), settingsWith(this.#parts.env, next)];
		const at = Date.now() / 1000;
		return names.map((name) => ({
			at,
			by,
			name,
			from: before[name] ?? null,
			to: after[name] ?? null,
			undone: next.values[name] === undefined,
		}));
	}
}

function ignoring(ignored: readonly string[]): { ignored?: string[] } {
	return ignored.length > 0 ? { ignored: [...ignored] } : {};
}

/** What the origin serves beside models is not here, so nothing of it is on any machine. */
const NO_SERVICES = {
	image_models: [],
	image_port: 0,
	stt_models: [],
	transcription_port: 0,
	vision_embed_models: [],
	vision_embedding_port: 0,
};

function toNode({ nodeId, status, beat, resident, installed }: NodeRecord): SettingsReport["nodes"][number] {
	return {
		node_id: nodeId,
		status,
		agent_version: beat.agent_version,
		ip: beat.door_url ?? "",
		models_loaded_count: resident.size,
		is_router: /^https?:\/\/(?:127\.|localhost|\[::1\])/.test(beat.door_url ?? ""),
		embed_models: [...installed.values()].filter(isEmbedder).map(({ name }) => name),
		...NO_SERVICES,
	};
}
