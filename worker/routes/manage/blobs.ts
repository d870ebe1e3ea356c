/** Files for new models, on their way to the node that will make them. Of any size: no limit on bodies applies. */
import { blob } from "../../chores/create.ts";
import { choreHandler } from "../chore.ts";
import type { Route } from "../route.ts";

const path = "/api/blobs/:digest";
const handleBlob = choreHandler((errand, ports, { req }) => blob(errand, req.param("digest") ?? "", ports));

export const blobRoutes: Route[] = [
	{ method: "POST", path, access: "manage", effects: true, jsonOnly: false, handle: handleBlob },
	// Hono brings HEAD to the GET row; Ollama knows no GET here
	{
		method: "GET",
		path,
		access: "manage",
		effects: false,
		jsonOnly: false,
		handle: (context) => (context.req.raw.method === "HEAD" ? handleBlob(context) : notGet()),
	},
];

function notGet(): Response {
	return new Response("405 method not allowed", { status: 405, headers: { "Content-Type": "text/plain", Allow: "HEAD, POST" } });
}
