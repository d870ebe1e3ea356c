/** What the table of settings says about each of them, for pages and checks. Pure. */
import * as z from "zod";
import { SETTINGS } from "../settings.ts";
import { FORMS, GROUPS } from "./forms.ts";

export type SettingName = keyof typeof SETTINGS;

/** Written beside each schema by its form, `describe` and its mark. */
const FactsSchema = z.object({
	form: z.enum(FORMS),
	group: z.enum(Object.keys(GROUPS) as [keyof typeof GROUPS]),
	live: z.boolean(),
	secret: z.boolean(),
	description: z.string(),
	minimum: z.number().optional(),
	choices: z.array(z.string()).optional(),
});
export type Facts = z.infer<typeof FactsSchema>;

/** Throws for a setting that lacks one. */
export function factsOf(name: SettingName): Facts {
	return FactsSchema.parse(SETTINGS[name].meta());
}

export const SETTING_NAMES = Object.keys(SETTINGS) as SettingName[];

/** As pages and the origin's clients call it: `queue_max` for `FLEET_QUEUE_MAX`. */
export function keyOf(name: string): string {
	return name.replace(/^FLEET_/, "").toLowerCase();
}

/** Under either of its names. */
export function settingNamed(given: string): SettingName | undefined {
	return SETTING_NAMES.find((name) => name === given || keyOf(name) === given);
}

const UNITS: Record<string, string> = { S: "seconds", MB: "MB", GB: "GB", TIMEOUT: "seconds", OFFLINE: "seconds" };
const SPELLED: Record<string, string> = { vram: "VRAM", num_ctx: "num_ctx", url: "URL", cors: "CORS", mb: "MB", gb: "GB" };

/** `Queue timeout` for `FLEET_QUEUE_TIMEOUT_S`. */
export function labelOf(name: string): string {
	const words = keyOf(name)
		.replace(/_(s|mb|gb)$/, "")
		.replace("num_ctx", "num-ctx")
		.split("_")
		.map((word) => SPELLED[word.replace("-", "_")] ?? word);
	const label = words.join(" ");
	return label.startsWith("num_ctx") ? label : label[0]?.toUpperCase() + label.slice(1);
}

/** Of a number; undefined for a mere count. */
export function unitOf(name: string): string | undefined {
	return UNITS[name.split("_").at(-1) ?? ""];
}
