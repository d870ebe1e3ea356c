/** Requests for models: passed through byte for byte to the node that will answer them best. */
import type { Context } from "hono";
import { KeptFailures } from "../dispatch/early/kept-failures.ts";
import { ENDPOINTS } from "../dispatch/endpoints.ts";
import type { Ports } from "../dispatch/ports.ts";
import { serve } from "../dispatch/serve.ts";
import { traceIdOf } from "../dispatch/traceparent.ts";
import { type AppEnv, fleetOf, senderOf } from "../env.ts";
import { dialectOf } from "../errors.ts";
import { log } from "../log.ts";
import type { RewriteSettings } from "../rewrite/rewrite.ts";
import type { Settings } from "../settings.ts";
import type { Route } from "./route.ts";

const MB = 1024 ** 2;
const MS_PER_SECOND = 1000;
/** Of this isolate: where there are several, a repeat that comes to another is just tried. */
const KEPT_FAILURES = new KeptFailures();

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
		const traceId = traceIdOf(raw.headers.get("traceparent"));
		const arrival = { id: crypto.randomUUID(), path, endpoint, dialect: dialectOf(path), arrivedAt: Date.now() };
		const maxBodyBytes = context.var.settings.FLEET_MAX_BODY_MB * MB;
		const { response, settled } = await serve(arrival, { request: raw, pathAndQuery: path + url.search, maxBodyBytes }, portsOf(context));
		void settled
			.then(({ trace, measured }) => fleetOf(context.env).finish(arrival.id, trace, measured, traceId))
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
		firstByteTimeoutMs: settings.FLEET_FIRST_BYTE_TIMEOUT_S * MS_PER_SECOND,
		early: {
			afterMs: settings.FLEET_EARLY_BYTES_AFTER_S * MS_PER_SECOND,
			everyMs: settings.FLEET_EARLY_BYTES_EVERY_S * MS_PER_SECOND,
			kept: KEPT_FAILURES,
		},
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
