/** A value out of JSON in the form that the environment has it. Strict: the text "false" is not false. Pure. */
import type { Facts } from "./facts.ts";

export type AsText = { readonly kind: "text"; readonly text: string } | { readonly kind: "wrong"; readonly why: string };

/** `current` is the value in force: what is said of a record is laid over it, and null takes a name out of it. */
export function asText(given: unknown, { form }: Pick<Facts, "form">, current: unknown): AsText {
	switch (form) {
		case "boolean":
			return typeof given === "boolean" ? text(String(given)) : wrong(given, "true or false");
		case "number":
			return typeof given === "number" ? text(String(given)) : wrong(given, "a number");
		case "text":
		case "choice":
			return typeof given === "string" && given.trim() !== "" ? text(given) : wrong(given, "a text");
		case "list":
			return isList(given) ? text(given.join(",")) : wrong(given, 'a list of texts without commas, such as ["one", "two"]');
		case "record":
			return isRecord(given) ? text(JSON.stringify(laidOver(current, given))) : wrong(given, 'an object such as {"name": value}');
	}
}

function text(value: string): AsText {
	return { kind: "text", text: value };
}

function wrong(given: unknown, what: string): AsText {
	return { kind: "wrong", why: `${JSON.stringify(given)} must be ${what}` };
}

function isList(given: unknown): given is string[] {
	return Array.isArray(given) && given.every((one) => typeof one === "string" && !one.includes(","));
}

function isRecord(given: unknown): given is Record<string, unknown> {
	return typeof given === "object" && given !== null && !Array.isArray(given);
}

function laidOver(current: unknown, given: Record<string, unknown>): Record<string, unknown> {
	const merged = { ...(isRecord(current) ? current : {}), ...given };
	return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null));
}
