/** The worker's bindings, for `env` of `cloudflare:workers`. */
import type { Env as RouterEnv } from "../../worker/env.ts";
import type * as Router from "../../worker/index.ts";

declare global {
	namespace Cloudflare {
		interface Env extends RouterEnv {}
		interface GlobalProps {
			mainModule: typeof Router;
		}
	}
}
