/** Puts a decoded body into a Go struct: keys match in any case, a value of the wrong type is refused in Go's words. */
import { GoSyntaxError } from "./go-decode.ts";

/** The Go type of a field; `any` takes everything. */
export type GoType =
	| "string"
	| "bool"
	| "int"
	| "float64"
	| "any"
	| { list: GoType; name: string }
	| { object: string; fields?: Readonly<Record<string, GoType>> };

export interface GoStruct {
	package: string;
	name: string;
	fields: Readonly<Record<string, GoType>>;
}

/** The fields by their proper names; `null` counts as absent, unknown keys are dropped. */
export function fillStruct(value: unknown, struct: GoStruct): Record<string, unknown> {
	if (value === null) return {};
	if (!isObject(value))
		throw new GoSyntaxError(`json: cannot unmarshal ${kindOf(value)} into Go value of type ${struct.package}.${struct.name}`);
	return fillFields(value, struct.fields, struct.name);
}

function fillFields(value: Record<string, unknown>, fields: Readonly<Record<string, GoType>>, path: string): Record<string, unknown> {
	const filled: Record<string, unknown> = {};
	const byLowerCase = new Map(Object.keys(fields).map((name) => [name.toLowerCase(), name]));
	for (const [key, entry] of Object.entries(value)) {
		const name = byLowerCase.get(key.toLowerCase());
		const type = name === undefined ? undefined : fields[name];
		if (name === undefined || type === undefined || entry === null) continue;
		filled[name] = fit(entry, type, `${path}.${name}`);
	}
	return filled;
}

function fit(value: unknown, type: GoType, path: string): unknown {
	if (type === "any") return value;
	if (typeof type === "string") return fitScalar(value, type, path);
	if ("list" in type) {
		if (!Array.isArray(value)) throw mismatch(value, path, type.name);
		return value.map((entry: unknown) => (entry === null ? undefined : fit(entry, type.list, path)));
	}
	if (!isObject(value)) throw mismatch(value, path, type.object);
	return type.fields ? { ...value, ...fillFields(value, type.fields, path) } : value;
}

function fitScalar(value: unknown, type: "string" | "bool" | "int" | "float64", path: string): unknown {
	const wanted = { string: "string", bool: "boolean", int: "number", float64: "number" }[type];
	if (typeof value !== wanted) throw mismatch(value, path, type);
	if (type === "int" && !Number.isInteger(value))
		throw new GoSyntaxError(`json: cannot unmarshal number ${String(value)} into Go struct field ${path} of type int`);
	return value;
}

function mismatch(value: unknown, path: string, type: string): GoSyntaxError {
	return new GoSyntaxError(`json: cannot unmarshal ${kindOf(value)} into Go struct field ${path} of type ${type}`);
}

function kindOf(value: unknown): string {
	if (Array.isArray(value)) return "array";
	return typeof value === "boolean" ? "bool" : typeof value;
}

function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
