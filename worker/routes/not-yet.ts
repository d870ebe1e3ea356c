/** Routes of Ollama's that this version does not serve: an account belongs to one machine. They say so, not to look like a typing error. */
import { RouterError } from "../errors.ts";
import type { Route } from "./route.ts";

const PATHS = ["POST /api/me", "POST /api/signout"] as const;

export const notYetRoutes: Route[] = PATHS.map((line) => {
	const [, path = ""] = line.split(" ");
	return {
		method: "POST",
		path,
		access: "inference",
		effects: true,
		jsonOnly: false,
		handle() {
			throw new RouterError({ status: 501, message: `${line} is not served by this version of the router` });
		},
	};
});
