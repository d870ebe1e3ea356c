/** The words of an answer that came too late to be one of its own. Pure. */
import type { Refusal } from "../../errors.ts";

/** From an error body of any of the APIs; a text that is none counts as the message. */
export function refusalIn(status: number, text: string): Refusal {
	const { error } = asObject(parsed(text));
	if (typeof error === "string") return { status, message: error };
	const { message, type } = asObject(error);
	if (typeof message !== "string") return { status, message: text.trim() || `the node answered ${status} without a word` };
	return { status, message, ...(typeof type === "string" && { type }) };
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

function asObject(value: unknown): Record<string, unknown> {
	return typeof value === "object" && value !== null ? { ...value } : {};
}
