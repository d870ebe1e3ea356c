/** Typed looks into decoded bodies: `undefined` when absent or of another type. */
import { parseKeepAlive } from "../machine/durations.ts";
import { GoSyntaxError } from "../wire/go-decode.ts";

export type Body = Record<string, unknown>;

export function text(body: Body, key: string): string {
	const value = body[key];
	return typeof value === "string" ? value : "";
}

export function optionalText(body: Body, key: string): string | undefined {
	const value = body[key];
	return typeof value === "string" ? value : undefined;
}

export function flag(body: Body, key: string): boolean | undefined {
	const value = body[key];
	return typeof value === "boolean" ? value : undefined;
}

export function count(body: Body, key: string): number | undefined {
	const value = body[key];
	return typeof value === "number" ? value : undefined;
}

export function list(body: Body, key: string): unknown[] {
	const value = body[key];
	return Array.isArray(value) ? value : [];
}

export function record(body: Body, key: string): Body {
	return asRecord(body[key]);
}

export function asRecord(value: unknown): Body {
	return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}

/** Milliseconds; a value that is no duration is refused as the decoder refuses it. */
export function keepAlive(body: Body): number | undefined {
	const value = body["keep_alive"];
	if (typeof value !== "string" && typeof value !== "number") return undefined;
	const parsed = parseKeepAlive(value);
	if (parsed instanceof Error) throw new GoSyntaxError(parsed.message);
	return parsed;
}

const THINK_LEVELS = ["high", "medium", "low", "max"];

export function thinking(body: Body): boolean | string | undefined {
	const value = body["think"];
	if (typeof value === "boolean" || value === undefined) return value;
	if (typeof value === "string" && THINK_LEVELS.includes(value)) return value;
	throw new GoSyntaxError(`invalid think value: ${JSON.stringify(value)} (must be "high", "medium", "low", "max", true, or false)`);
}

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** How many images; a broken one is refused. */
export function images(values: readonly unknown[]): number {
	for (const value of values) {
		const broken = typeof value === "string" && !BASE64.test(value) ? value.search(/[^A-Za-z0-9+/=]/) : -1;
		if (broken >= 0) throw new GoSyntaxError(`illegal base64 data at input byte ${broken}`);
	}
	return values.length;
}
