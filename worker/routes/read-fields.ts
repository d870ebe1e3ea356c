/** Reads a small JSON body by its schema; what is wrong with it is said in words. */
import type * as z from "zod";
import { readBody } from "../dispatch/body.ts";

const MOST_BYTES = 64 * 1024;

export type Read<Fields> = { readonly kind: "read"; readonly fields: Fields } | { readonly kind: "wrong"; readonly message: string };

/** `example` is a body as it should be. */
export async function readFields<Schema extends z.ZodType>(
	request: Request,
	schema: Schema,
	example = '{"model": "llama3.1:8b"}',
): Promise<Read<z.infer<Schema>>> {
	const text = new TextDecoder().decode(await readBody(request, MOST_BYTES));
	const parsed = schema.safeParse(jsonOf(text));
	if (parsed.success) return { kind: "read", fields: parsed.data };
	const [issue] = parsed.error.issues;
	const [field] = issue?.path ?? [];
	if (!issue || field === undefined) return { kind: "wrong", message: `the body must be a JSON object such as ${example}` };
	return { kind: "wrong", message: `${String(field)} ${issue.message}` };
}

function jsonOf(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
