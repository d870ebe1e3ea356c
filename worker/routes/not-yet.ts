/** Routes of Ollama's that this version does not serve yet. They say so, instead of looking like a typing error. */
import { RouterError } from "../errors.ts";
import type { Route } from "./route.ts";

const PATHS = ["POST /api/show", "POST /api/pull", "POST /api/push", "POST /api/create", "POST /api/copy", "DELETE /api/delete"] as const;

export const notYetRoutes: Route[] = PATHS.map((line) => {
	const [method, path = ""] = line.split(" ") as ["POST" | "DELETE", string];
	return {
		method,
		path,
		access: "inference",
		effects: true,
		jsonOnly: false,
		handle() {
			throw new RouterError({ status: 501, message: `${line} is not served by this version of the router` });
		},
	};
});
