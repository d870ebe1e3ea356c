/** Room to think: a thinking model spends `num_predict` on its thoughts first, and the answer would be cut. Pure. */
import { type BodyFields, numberOption } from "./body-fields.ts";

export interface ThinkingSettings {
	/** `FLEET_THINKING_OVERHEAD`. */
	readonly overhead: number;
	/** `FLEET_THINKING_MIN_PREDICT`. */
	readonly minPredict: number;
}

export interface Budget {
	readonly from: number;
	readonly to: number;
}

/**
 * Undefined leaves it: when the client set none, asked not to think, or wrote a raw prompt, which has no place for thoughts.
 * Zero and below are no budgets: Ollama takes them for "without end".
 */
export function thinkingBudget(
	fields: BodyFields,
	capabilities: readonly string[] | undefined,
	{ overhead, minPredict }: ThinkingSettings,
): Budget | undefined {
	if (!capabilities?.includes("thinking") || fields.get("think") === false || fields.get("raw") === true) return undefined;
	const from = numberOption(fields, "num_predict");
	if (typeof from !== "number" || from <= 0) return undefined;
	const to = Math.max(from, minPredict, Math.trunc(from * overhead));
	return to === from ? undefined : { from, to };
}
