/** How the Fleet object asks its own router something, in the very way of a client: over the worker that it belongs to. */
import { type Env, settingsOf } from "../env.ts";

/** As the admin, so that no guard stands in the way where keys are required. */
export function frontDoor(ctx: DurableObjectState, env: Env): (path: string, init: RequestInit) => Promise<Response> {
	return (path, init) => {
		const headers = new Headers(init.headers);
		headers.set("host", "localhost");
		const { FLEET_ADMIN_KEY: adminKey } = settingsOf(env);
		if (adminKey !== "") headers.set("authorization", `Bearer ${adminKey}`);
		return ctx.exports.default.fetch(`http://localhost${path}`, { ...init, headers });
	};
}
