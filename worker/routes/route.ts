/** The form of a row in the table of routes. */
import type { Context } from "hono";
import type { AppEnv } from "../env.ts";

/**
 * Who may call it: `public` anybody; `inference` and `read` anybody while FLEET_AUTH is open, else a key; `node` proves itself
 * with its own secret or the join token; `manage` changes what is on the machines: anybody while FLEET_AUTH is open, else the
 * admin; `admin` always needs the admin key.
 */
export type Access = "public" | "inference" | "read" | "node" | "manage" | "admin";

export interface Route {
	readonly method: "GET" | "POST" | "DELETE";
	readonly path: string;
	readonly access: Access;
	/** Changes something: its Origin is checked. */
	readonly effects: boolean;
	/** Takes `application/json` only, so that no foreign page's form can reach it. */
	readonly jsonOnly: boolean;
	readonly handle: (context: Context<AppEnv>) => Response | Promise<Response>;
}
