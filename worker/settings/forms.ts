/** The forms that settings have: as environment variables say them, and what else is told of them. */
import * as z from "zod";

/** How a value is given in JSON, and shown. */
export const FORMS = ["boolean", "number", "text", "choice", "list", "record"] as const;

const TRUTHS = ["true", "false", "1", "0"] as const;

/** `undefined`: neither on nor off by itself. */
export function flag(fallback: boolean): z.ZodType<boolean, string | undefined>;
export function flag(fallback: undefined): z.ZodType<boolean | undefined, string | undefined>;
export function flag(fallback: boolean | undefined): z.ZodType<boolean | undefined, string | undefined> {
	return z
		.enum(TRUTHS, "must be true or false")
		.optional()
		.transform((given) => (given === undefined ? fallback : given === "true" || given === "1"))
		.meta({ form: "boolean" });
}

export function number(fallback: number, minimum: number) {
	return z.coerce
		.number("must be a number")
		.min(minimum, `must be at least ${minimum}`)
		.default(fallback)
		.meta({ form: "number", minimum });
}

export function text(fallback: string, { pattern, words }: { pattern?: RegExp; words?: string } = {}) {
	const any = z.string();
	return (pattern ? any.regex(pattern, words) : any).default(fallback).meta({ form: "text" });
}

export function address(fallback: string) {
	return z
		.url({ protocol: /^https?$/, error: "must be an http or https URL" })
		.default(fallback)
		.meta({ form: "text" });
}

export function choice<const Choices extends readonly [string, ...string[]]>(choices: Choices, fallback: Choices[number]) {
	const quoted = choices.map((one) => `"${one}"`);
	const words = `must be ${quoted.slice(0, -1).join(", ")} or ${quoted.at(-1)}`;
	return z
		.enum(choices, words)
		.optional()
		.transform((given) => given ?? fallback)
		.meta({ form: "choice", choices });
}

/** With commas between. */
export function list() {
	return z
		.string()
		.default("")
		.transform((given) =>
			given
				.split(",")
				.map((part) => part.trim())
				.filter((part) => part !== ""),
		)
		.meta({ form: "list" });
}

/** A JSON object of one kind of values. */
export function record<Value extends z.ZodType>(value: Value) {
	return z
		.string()
		.default("{}")
		.transform((given, context) => {
			const parsed = z.record(z.string(), value).safeParse(jsonOf(given));
			if (parsed.success) return parsed.data;
			context.addIssue('must be a JSON object such as {"name": value}');
			return z.NEVER;
		})
		.meta({ form: "record" });
}

/** May be changed while the router runs. */
export function live(group: Group) {
	return { group, live: true, secret: false };
}

/** Only a start reads it, or it guards the router itself. */
export function fixed(group: Group) {
	return { group, live: false, secret: false };
}

/** Never shown. */
export function secret(group: Group) {
	return { group, live: false, secret: true };
}

/** In the order in which they are shown. */
export const GROUPS = {
	queue: "Waiting and retries",
	answers: "Answers",
	fallback: "Other models instead",
	context: "Context",
	names: "Names of models",
	memory: "Models in memory",
	pulls: "Pulling by itself",
	nodes: "Machines",
	access: "Access",
	start: "Start",
} as const;
export type Group = keyof typeof GROUPS;

function jsonOf(given: string): unknown {
	try {
		return JSON.parse(given);
	} catch {
		return undefined;
	}
}
