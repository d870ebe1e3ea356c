import { InstalledModelSchema, ResidentModelSchema } from "../../../worker/protocol/ollama.ts";
import type { InstalledModel, ResidentModel } from "../../../worker/protocol/ollama.ts";
import type { z } from "zod";

/** The entries of `/api/tags`, Ollama's own objects. */
export function installedModels(body: unknown): InstalledModel[] {
	return entriesOf(body, InstalledModelSchema);
}

/** The entries of `/api/ps`, Ollama's own objects. */
export function residentModels(body: unknown): ResidentModel[] {
	return entriesOf(body, ResidentModelSchema);
}

/** An entry that Ollama would not write costs itself, not the list. */
function entriesOf<T>(body: unknown, schema: z.ZodType<T>): T[] {
	if (typeof body !== "object" || body === null || !("models" in body) || !Array.isArray(body.models)) return [];
	const entries: unknown[] = body.models;
	// The entry itself is passed on, not its parsed copy: that has its keys in another order.
	return entries.filter((entry): entry is T => schema.safeParse(entry).success);
}
