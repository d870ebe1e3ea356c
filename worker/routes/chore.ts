/** Makes a chore the handler of a route. */
import type { Context } from "hono";
import type { ChoreDone, ChorePorts, Errand } from "../chores/errand.ts";
import { type AppEnv, fleetOf, senderOf } from "../env.ts";
import { log } from "../log.ts";
import type { Route } from "./route.ts";

const MB = 1024 ** 2;

export type Chore = (errand: Errand, ports: ChorePorts, context: Context<AppEnv>) => Promise<ChoreDone>;

export function choreHandler(run: Chore): Route["handle"] {
	return async (context) => {
		// First, before anything is awaited: without it the platform cancels the clean-up together with a client that leaves
		const life = Promise.withResolvers<void>();
		context.executionCtx.waitUntil(life.promise);
		const errand = errandOf(context);
		try {
			const { response, settled } = await run(errand, portsOf(context), context);
			void settled
				.catch((error: unknown) => log("error", "Ending a chore failed", { request_id: errand.id, error: String(error) }))
				.finally(life.resolve);
			return response;
		} catch (error) {
			life.resolve();
			if (errand.request.signal.aborted) return new Response(null, { status: 499 });
			throw error;
		}
	};
}

function errandOf({ req }: Context<AppEnv>): Errand {
	const url = new URL(req.raw.url);
	return { id: crypto.randomUUID(), request: req.raw, path: url.pathname + url.search };
}

function portsOf({ env, var: { settings } }: Context<AppEnv>): ChorePorts {
	return {
		fleet: () => fleetOf(env),
		send: senderOf(env),
		now: Date.now,
		firstByteTimeoutMs: settings.FLEET_FIRST_BYTE_TIMEOUT_S * 1000,
		maxBodyBytes: settings.FLEET_MAX_BODY_MB * MB,
	};
}
