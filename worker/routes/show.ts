/** What a model is: asked of any node that has it, and remembered by digest. */
import { show } from "../chores/show.ts";
import { ShowCache } from "../chores/show-cache.ts";
import { choreHandler } from "./chore.ts";
import type { Route } from "./route.ts";

/** Of this isolate. */
const cache = new ShowCache();

export const showRoutes: Route[] = [
	{
		method: "POST",
		path: "/api/show",
		access: "read",
		effects: true,
		jsonOnly: false,
		handle: choreHandler((errand, ports) => show(errand, ports, cache)),
	},
];
