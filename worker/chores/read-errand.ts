/** Reads a chore's JSON body: once, whole, and leniently, since every complaint about it is Ollama's to make. */
import { readBody } from "../dispatch/body.ts";
import { readFirstValue } from "../protocol/go-json.ts";
import { type ManageBody, ManageBodySchema } from "../protocol/manage.ts";
import type { Call } from "./call-node.ts";
import type { ChorePorts, Errand } from "./errand.ts";

export interface ReadErrand {
	readonly call: Call & { readonly body: Uint8Array<ArrayBuffer> };
	readonly fields: ManageBody;
	/** Every field as sent, names in lower case: Go matches them without regard to case. */
	readonly given: Readonly<Record<string, unknown>>;
	/** Ollama's complaint, in our words, about a body that it would not read. */
	readonly complaint?: string;
}

export async function readErrand(errand: Errand, { maxBodyBytes }: Pick<ChorePorts, "maxBodyBytes">): Promise<ReadErrand> {
	const body = await readBody(errand.request, maxBodyBytes);
	return { call: { ...callOf(errand), body }, ...readFields(body) };
}

/** The call that passes the errand on, without its body. */
export function callOf({ id, request, path }: Errand): Omit<Call, "body"> {
	return { id, path, method: request.method, headers: request.headers };
}

/** The model, under either of its two keys. */
export function modelOf({ model, name }: ManageBody): string {
	return model === "" ? name : model;
}

export function readFields(body: Uint8Array): Pick<ReadErrand, "fields" | "given" | "complaint"> {
	if (body.byteLength === 0) return unreadable("missing request body");
	const parsed = readFirstValue(new TextDecoder().decode(body));
	if (!parsed.ok) return unreadable(parsed.error);
	if (typeof parsed.value !== "object" || parsed.value === null || Array.isArray(parsed.value))
		return unreadable("json: cannot unmarshal the body into Go value of type api.Request");
	const given = Object.fromEntries(Object.entries(parsed.value).map(([key, value]) => [key.toLowerCase(), value]));
	return { fields: ManageBodySchema.parse(given), given };
}

function unreadable(complaint: string): Pick<ReadErrand, "fields" | "given" | "complaint"> {
	return { fields: ManageBodySchema.parse({}), given: {}, complaint };
}
