/** OpenAI's view of the fleet's models, from memory. */
import type { Context } from "hono";
import { unknownModelHint } from "../dispatch/refusal.ts";
import { type AppEnv, fleetOf } from "../env.ts";
import { RouterError } from "../errors.ts";
import type { FleetTag } from "../fleet/listing.ts";
import { goText } from "../protocol/go-text.ts";
import { canonicalName, withTag } from "../routing/names.ts";
import { codexModels } from "./codex-models.ts";
import type { Route } from "./route.ts";

const read = { method: "GET", access: "read", effects: false, jsonOnly: false } as const;

export const modelRoutes: Route[] = [
	{ ...read, path: "/v1/models", handle: list },
	// Ollama takes no name with a slash in it here; the clients that send one are right to expect that it works
	{ ...read, path: "/v1/models/:id{.+}", handle: one },
];

interface OpenAiModel {
	readonly id: string;
	readonly object: "model";
	readonly created: number;
	readonly owned_by: string;
}

/** As Ollama lists them: `data` is null when there are none. */
async function list({ env, req }: Context<AppEnv>): Promise<Response> {
	const tags = await tagsOf(env);
	const data = tags.map((tag) => toModel(tag, tag.name));
	const listed = { object: "list", data: data.length > 0 ? data : null };
	return line(isCodex(req) ? { ...listed, models: codexModels(tags, await fleetOf(env).resident()) } : listed);
}

async function one({ env, req }: Context<AppEnv>): Promise<Response> {
	const id = req.param("id") ?? "";
	const name = canonicalName(id);
	const tag = (await tagsOf(env)).find((entry) => canonicalName(entry.name) === name);
	if (tag) return line(toModel(tag, id));
	const hint = unknownModelHint({ kind: "unknown-model", model: id, ...(await fleetOf(env).whoHas(id)) });
	// Since 0.30 Ollama names the tag here
	throw new RouterError({ status: 404, message: `model '${withTag(id)}' not found: ${hint}` });
}

/** Named here, because the type of a call to an object gives up at fields of unknown type. */
function tagsOf(env: AppEnv["Bindings"]): Promise<FleetTag[]> {
	return fleetOf(env).tags();
}

/**
 * Codex, and nobody else, wants a second list in a form of its own; everybody else gets what Ollama gives. It names the version
 * it has in the query of this one request, and itself in a header of every request.
 */
function isCodex(req: Context<AppEnv>["req"]): boolean {
	return req.query("client_version") !== undefined || /^codex/i.test(req.header("originator") ?? "");
}

function toModel({ name, modified_at }: FleetTag, id: string): OpenAiModel {
	return { id, object: "model", created: seconds(modified_at), owned_by: ownerOf(name) };
}

/** With the line end that Ollama's OpenAI layer writes. */
function line(value: unknown): Response {
	return new Response(`${goText(value)}\n`, { headers: { "Content-Type": "application/json" } });
}

function seconds(iso: string | undefined): number {
	return Math.floor((Date.parse(iso ?? "") || 0) / 1000);
}

/** The namespace: `library` for plain names. */
function ownerOf(name: string): string {
	const parts = name.split("/");
	return parts.length > 1 ? (parts.at(-2) ?? "library") : "library";
}
