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
	const values = new Map<Field, unknown[]>();
	for (const member of membersOf(text, start)) {
		const key = foldKey(member.key);
		const name = WANTED.find((wanted) => wanted === key);
		if (name) push(values, name, valueOf(text, member));
	}
	return new Map([...values].map(([name, given]) => [name, combined(given)]));
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

function push(values: Map<Field, unknown[]>, name: Field, value: unknown): void {
	const given = values.get(name);
	if (given) given.push(value);
	else values.set(name, [value]);
}

/** Of a repeated field the last counts, and maps in a row are merged: once, since copying them at each repetition is quadratic. */
function combined(given: readonly unknown[]): unknown {
	const maps = given.slice(given.findLastIndex((value) => !isRecord(value)) + 1).filter(isRecord);
	return maps.length > 1 ? Object.fromEntries(maps.flatMap((map) => Object.entries(map))) : given.at(-1);
}

function valueOf(text: string, { valueStart, valueEnd }: Member): unknown {
	return JSON.parse(text.slice(valueStart, valueEnd));
}
