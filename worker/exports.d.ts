/** What the worker exports, for `ctx.exports`. */
import type * as Router from "./index.ts";

declare global {
	namespace Cloudflare {
		interface GlobalProps {
			mainModule: typeof Router;
		}
	}
}
