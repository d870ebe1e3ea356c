/** What a client asks about the fleet as if it were one Ollama: answered from memory, so that no dead node can delay it. */
import type { Context } from "hono";
import { type AppEnv, fleetOf } from "../env.ts";
import { goJson } from "./go-answer.ts";
import type { Route } from "./route.ts";

/** Shown while no node has told its version: clients split it into integers. */
const UNKNOWN_VERSION = "0.0.0";

const read = { method: "GET", access: "read", effects: false, jsonOnly: false } as const;

export const listingRoutes: Route[] = [
	{ ...read, path: "/", access: "public", handle: banner },
	{ ...read, path: "/api/version", handle: async ({ env }) => goJson({ version: (await fleetOf(env).version()) ?? UNKNOWN_VERSION }) },
	{ ...read, path: "/api/tags", handle: async ({ env }) => goJson({ models: await fleetOf(env).tags() }) },
	{ ...read, path: "/api/ps", handle: async ({ env }) => goJson({ models: await fleetOf(env).resident() }) },
	{ ...read, path: "/v1/models", handle: async ({ env }) => models(await fleetOf(env).tags()) },
];

/** Ollama's banner; a browser is sent to the page. */
function banner(context: Context<AppEnv>): Response {
	if (context.req.header("accept")?.includes("text/html")) return context.redirect("/dashboard", 302);
	return new Response("Ollama is running", { headers: { "content-type": "text/plain; charset=utf-8" } });
}

/** As Ollama lists them: `data` is null when there are none. */
function models(tags: readonly { name: string; modified_at?: string | undefined }[]): Response {
	const data = tags.map(({ name, modified_at }) => ({ id: name, object: "model", created: seconds(modified_at), owned_by: ownerOf(name) }));
	return goJson({ object: "list", data: data.length > 0 ? data : null });
}

function seconds(iso: string | undefined): number {
	return Math.floor((Date.parse(iso ?? "") || 0) / 1000);
}

/** The namespace: `library` for plain names. */
function ownerOf(name: string): string {
	const parts = name.split("/");
	return parts.length > 1 ? (parts.at(-2) ?? "library") : "library";
}
