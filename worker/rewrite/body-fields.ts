/** The small fields of a body that decide what is rewritten, read in one pass as Ollama's decoder reads them. Pure. */
import { foldKey } from "./json-edit.ts";
import { type Member, membersOf, rootObject } from "./json-scan.ts";

const WANTED = [
	"options",
	"think",
	"keep_alive",
	"metadata",
	"fallback_models",
	"fallback",
	"raw",
	"context",
	"template",
	"shift",
] as const;
type Field = (typeof WANTED)[number];

/** A field that is not there is not in the map; `null` is there. */
export type BodyFields = ReadonlyMap<Field, unknown>;

/** A number option as Ollama takes it: `null` counts as absent, a fraction is cut; other types are Ollama's to refuse. */
export type ClientNumber = number | "absent" | "unreadable";

/** Undefined for a text that does not begin with an object. */
export function readFields(text: string): BodyFields | undefined {
	const start = rootObject(text);
	if (start === undefined) return undefined;
	const fields = new Map<Field, unknown>();
	for (const member of membersOf(text, start)) {
		const name = WANTED.find((wanted) => wanted === foldKey(member.key));
		if (name) fields.set(name, combined(fields.get(name), valueOf(text, member)));
	}
	return fields;
}

export function optionsOf(fields: BodyFields): Readonly<Record<string, unknown>> {
	const options = fields.get("options");
	return isRecord(options) ? options : {};
}

export function numberOption(fields: BodyFields, name: string): ClientNumber {
	const options = fields.get("options");
	if (options === undefined || options === null) return "absent";
	if (!isRecord(options)) return "unreadable";
	const value = options[name];
	if (value === undefined || value === null) return "absent";
	return typeof value === "number" && Number.isFinite(value) ? Math.trunc(value) : "unreadable";
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A repeated map is merged into the first, anything else is replaced. */
function combined(earlier: unknown, later: unknown): unknown {
	return isRecord(earlier) && isRecord(later) ? { ...earlier, ...later } : later;
}

function valueOf(text: string, { valueStart, valueEnd }: Member): unknown {
	return JSON.parse(text.slice(valueStart, valueEnd));
}
