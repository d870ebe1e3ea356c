/** Every `FLEET_*` variable the worker reads: name, form, default, meaning. Parsed once per isolate; a bad value says so. */
import * as z from "zod";
import { CONTEXT_POLICIES } from "./rewrite/context-guard.ts";
import { KEEP_ALIVE_FORM } from "./rewrite/keep-alive.ts";
import { address, choice, fixed, flag, list, live, number, record, secret, text } from "./settings/forms.ts";

export const SETTINGS = {
	FLEET_AUTH: choice(["open", "keys"], "keys").describe("Who may send requests: anybody, or holders of a key").meta(fixed("access")),
	FLEET_ALLOWED_HOSTS: list().describe("Host names the router answers to, beside IP addresses and local names").meta(fixed("access")),
	FLEET_CORS_ORIGINS: list()
		.describe("Web origins that may call the router from a browser, beside its own and Ollama's default list")
		.meta(fixed("access")),
	FLEET_MAX_BODY_MB: number(32, 1).describe("Largest JSON body taken, in MB").meta(live("access")),
	FLEET_MAX_RETRIES: number(2, 0).describe("How many other nodes are tried when one fails before its first byte").meta(live("queue")),
	FLEET_QUEUE_MAX: number(1000, 0).describe("How many requests may wait for a place").meta(live("queue")),
	FLEET_QUEUE_TIMEOUT_S: number(300, 1).describe("How long a request may wait for a place, in seconds").meta(live("queue")),
	FLEET_BATCH_MAX_WAIT_S: number(0, 0)
		.describe("A batch request that waited this long goes before interactive ones, in seconds; 0: never")
		.meta(live("queue")),
	FLEET_BATCH_TIMEOUT_S: number(3600, 1).describe("How long a batch request may wait for a place, in seconds").meta(live("queue")),
	FLEET_FAIR_SHARE: number(0.3, 0)
		.describe(
			"How much the work that a key or app with many waiting requests got lately sets it back, in seconds per second; 0: not at all",
		)
		.meta(live("queue")),
	FLEET_HEARTBEAT_TIMEOUT: number(15, 1)
		.describe("Silence after which a node gets no work while another can serve, in seconds")
		.meta(live("nodes")),
	FLEET_HEARTBEAT_OFFLINE: number(30, 1).describe("Silence after which a node is offline, in seconds").meta(live("nodes")),
	FLEET_FIRST_BYTE_TIMEOUT_S: number(600, 1).describe("How long a node may take to its first byte, in seconds").meta(live("nodes")),
	FLEET_VRAM_FALLBACK: flag(true)
		.describe("Let a loaded model of the same kind stand in for one that nobody can load soon")
		.meta(live("fallback")),
	FLEET_VRAM_FALLBACK_AFTER_S: number(60, 0)
		.describe("Expected seconds to the first token beyond which one stands in")
		.meta(live("fallback")),
	FLEET_VRAM_FALLBACK_CROSS_CATEGORY: flag(false).describe("Let one for another purpose stand in as well").meta(live("fallback")),
	FLEET_FALLBACK_PREFER_HOT: flag(false)
		.describe("Take a fallback model in memory rather than load the model asked for")
		.meta(live("fallback")),
	FLEET_EARLY_BYTES_AFTER_S: number(20, 0)
		.describe("An answer that takes longer than this to begin is begun by the router, in seconds; 0: never")
		.meta(live("answers")),
	FLEET_EARLY_BYTES_EVERY_S: number(10, 0.01)
		.describe("How often such a client is told that its answer is still to come, in seconds")
		.meta(live("answers")),
	FLEET_CONTEXT_PROTECTION: choice(CONTEXT_POLICIES, "strip")
		.describe("What is done about a num_ctx that would reload a model: made harmless, told, or nothing")
		.meta(live("context")),
	FLEET_KEEP_ALIVE: text("client", { pattern: KEEP_ALIVE_FORM, words: 'must be "client", seconds, or a duration such as "30m"' })
		.describe("How long models stay loaded where the client does not say; client leaves it to each Ollama")
		.meta(live("memory")),
	FLEET_THINKING_OVERHEAD: number(4, 1)
		.describe("Room for thoughts: a thinking model's num_predict is multiplied by it")
		.meta(live("answers")),
	FLEET_THINKING_MIN_PREDICT: number(1024, 1).describe("The least num_predict a thinking model gets").meta(live("answers")),
	FLEET_DYNAMIC_NUM_CTX: flag(false).describe("Give models without a num_ctx the one in FLEET_NUM_CTX_OVERRIDES").meta(live("context")),
	FLEET_NUM_CTX_OVERRIDES: record(z.number().int().positive()).describe("num_ctx by model, JSON").meta(live("context")),
	FLEET_ALIASES: record(z.string()).describe("Names that clients may use for models, JSON").meta(live("names")),
	FLEET_ANTHROPIC_MODEL_MAP: record(z.string()).describe("The same for Anthropic's names, as the origin had it, JSON").meta(live("names")),
	FLEET_PINNED_MODELS: list().describe("Models that stay in memory, each on the node with the most room for it").meta(fixed("memory")),
	FLEET_MODEL_PRELOAD_MAX_COUNT: number(3, 0)
		.describe("Up to how many models in memory a node is filled with the most used ones")
		.meta(fixed("memory")),
	FLEET_DISABLE_MODEL_PRELOADER: flag(false)
		.describe("Leave the most used models to be loaded by requests; pins are loaded all the same")
		.meta(fixed("memory")),
	FLEET_STALE_TIMEOUT: number(600, 1)
		.describe("A request without progress for so many seconds is cancelled, once its agent says so")
		.meta(live("nodes")),
	FLEET_AUTO_PULL: flag(undefined)
		.describe("Pull a model that is asked for and installed nowhere; on unless FLEET_EDGE is")
		.meta(live("pulls")),
	FLEET_AUTO_PULL_MAX_GB: number(20, 0).describe("Larger models are not pulled by themselves").meta(live("pulls")),
	FLEET_AUTO_PULL_TIMEOUT: number(300, 1)
		.describe("How long a request may wait for a pull, in seconds; the pull itself goes on")
		.meta(live("pulls")),
	FLEET_REGISTRY_URL: address("https://registry.ollama.ai")
		.describe("Where a model's size is asked for before it is pulled")
		.meta(fixed("pulls")),
	FLEET_NODE_TOKEN: text("").describe("The join token: an agent that sends it is in at once").meta(secret("access")),
	FLEET_ADMIN_KEY: text("").describe("The key for approving and removing nodes").meta(secret("access")),
	FLEET_EDGE: flag(false)
		.describe("Deployed behind a public address: node addresses are checked, local host names are not trusted")
		.meta(fixed("access")),
} as const;

export type Settings = { readonly [Name in keyof typeof SETTINGS]: z.infer<(typeof SETTINGS)[Name]> };

/** Thrown with one line per bad variable. */
export class SettingsError extends Error {}

/** Reads the settings out of an environment; everything else in it is ignored. */
export function readSettings(environment: Readonly<Record<string, unknown>>): Settings {
	const settings: Record<string, unknown> = {};
	const problems: string[] = [];
	for (const [name, schema] of Object.entries(SETTINGS)) {
		const given = environment[name];
		const parsed = schema.safeParse(given === "" ? undefined : given);
		if (parsed.success) settings[name] = parsed.data;
		else problems.push(`${name}="${String(given)}" ${parsed.error.issues[0]?.message ?? "is not valid"}`);
	}
	if (problems.length > 0) throw new SettingsError(problems.join("\n"));
	return settings as Settings;
}
