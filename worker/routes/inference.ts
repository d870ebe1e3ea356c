/** Requests for models: passed through byte for byte to the node that will answer them best. */
import type { Context } from "hono";
import { ENDPOINTS } from "../dispatch/endpoints.ts";
import type { Ports } from "../dispatch/ports.ts";
import { serve } from "../dispatch/serve.ts";
import { type AppEnv, fleetOf, senderOf } from "../env.ts";
import { dialectOf } from "../errors.ts";
import { log } from "../log.ts";
import type { RewriteSettings } from "../rewrite/rewrite.ts";
import type { Settings } from "../settings.ts";
import type { Route } from "./route.ts";

const MB = 1024 ** 2;

export const inferenceRoutes: Route[] = Object.entries(ENDPOINTS).map(([path, endpoint]) => ({
	method: "POST",
	path,
	access: "inference",
	effects: true,
	jsonOnly: false,
	async handle(context) {
		// First, before anything is awaited: without it the platform cancels the clean-up together with a client that leaves
		const life = Promise.withResolvers<void>();
		context.executionCtx.waitUntil(life.promise);
		const { raw } = context.req;
		const url = new URL(raw.url);
		const arrival = { id: crypto.randomUUID(), path, endpoint, dialect: dialectOf(path), arrivedAt: Date.now() };
		const maxBodyBytes = context.var.settings.FLEET_MAX_BODY_MB * MB;
		const { response, settled } = await serve(arrival, { request: raw, pathAndQuery: path + url.search, maxBodyBytes }, portsOf(context));
		void settled
			.then(({ trace, measured }) => fleetOf(context.env).finish(arrival.id, trace, measured))
			.catch((error: unknown) => log("error", "Keeping a trace failed", { request_id: arrival.id, error: String(error) }))
			.finally(life.resolve);
		return response;
	},
}));

function portsOf({ env, var: { settings } }: Context<AppEnv>): Ports {
	return {
		fleet: () => fleetOf(env),
		send: senderOf(env),
		now: Date.now,
		maxRetries: settings.FLEET_MAX_RETRIES,
		rewriting: rewritingOf(settings),
		firstByteTimeoutMs: settings.FLEET_FIRST_BYTE_TIMEOUT_S * 1000,
		staleAfterMs: settings.FLEET_STALE_TIMEOUT * 1000,
		secret: installationSecret(settings),
	};
}

/** The same for all isolates of one installation, and known to nobody else. */
export function installationSecret({ FLEET_ADMIN_KEY: adminKey, FLEET_NODE_TOKEN: joinToken }: Settings): string {
	return adminKey + joinToken;
}

function rewritingOf(settings: Settings): RewriteSettings {
	return {
		contextProtection: settings.FLEET_CONTEXT_PROTECTION,
		keepAlive: settings.FLEET_KEEP_ALIVE,
		thinking: { overhead: settings.FLEET_THINKING_OVERHEAD, minPredict: settings.FLEET_THINKING_MIN_PREDICT },
		numCtxOverrides: settings.FLEET_DYNAMIC_NUM_CTX ? settings.FLEET_NUM_CTX_OVERRIDES : {},
	};
}
