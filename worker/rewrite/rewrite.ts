/** The one place that changes a body on its way to a node, in a fixed order, and says what it changed. Pure. */
import { asciiJson } from "../protocol/latin1.ts";
import { canonicalName } from "../routing/names.ts";
import { type BodyFields, numberOption, readFields } from "./body-fields.ts";
import { type ContextPolicy, type GuardInput, guardContext } from "./context-guard.ts";
import { keepAliveToStamp } from "./keep-alive.ts";
import { setKey } from "./json-edit.ts";
import { removeRouterFields } from "./router-fields.ts";
import { reloadingOptions } from "./runner-options.ts";
import type { ServedFacts } from "./served-facts.ts";
import { thinkingBudget, type ThinkingSettings } from "./thinking-budget.ts";

export interface RewriteSettings {
	/** `FLEET_CONTEXT_PROTECTION`. */
	readonly contextProtection: ContextPolicy;
	/** `FLEET_KEEP_ALIVE`. */
	readonly keepAlive: string;
	readonly thinking: ThinkingSettings;
	/** By canonical model name; empty unless `FLEET_DYNAMIC_NUM_CTX` is on. */
	readonly numCtxOverrides: Readonly<Record<string, number>>;
}

export interface RewriteInput {
	/** The client's body, decompressed; the same for every attempt. */
	readonly text: string;
	readonly path: string;
	/** As the client wrote it. */
	readonly requestedModel: string;
	/** The chosen node and what it will run. */
	readonly served: ServedFacts;
	/** Why that is another model than the requested one. */
	readonly servedBecause: string;
	readonly promptTokens: number;
	readonly settings: RewriteSettings;
}

export interface Rewritten {
	/** The very same text when nothing changed. */
	readonly text: string;
	/** For `X-Fleet-Rewrote` and the trace. */
	readonly rewrote: readonly string[];
	readonly warnings: readonly string[];
	/** Options that may reload the model and were left alone. */
	readonly reloading: readonly string[];
	readonly overflow: string | undefined;
	/** The context that the router set; undefined when it left the client's. */
	readonly numCtx: number | undefined;
}

/** An edit: where, what, and how it is named. */
interface Edit {
	readonly path: readonly string[];
	readonly valueJson: string;
	readonly says: string;
}

/** A body that is no JSON object passes as it is: its refusal is Ollama's. */
export function rewriteBody(input: RewriteInput): Rewritten {
	const { text, served } = input;
	const fields = readFields(text);
	if (!fields) return { text, rewrote: [], warnings: [], reloading: [], overflow: undefined, numCtx: undefined };
	const native = input.path.startsWith("/api/");
	const { text: cleaned, removed } = removeRouterFields(text, fields);
	const guard = guardContext(guardInput(input, fields, native));
	const context = guard.setNumCtx === undefined ? [] : [numCtxEdit(guard.setNumCtx, guard.rewrote.join("; "))];
	const edits = [...context, ...(native ? nativeEdits(input, fields) : []), ...modelEdit(input)];
	return {
		text: edits.reduce((edited, { path, valueJson }) => setKey(edited, path, valueJson), cleaned),
		rewrote: [...removed.map((name) => `${name} removed`), ...edits.map(({ says }) => says)],
		warnings: guard.warnings,
		reloading: native ? reloadingOptions(fields, served.ollamaVersion) : [],
		overflow: guard.overflow,
		numCtx: guard.setNumCtx,
	};
}

/** The value of `X-Fleet-Rewrote`: a header takes plain characters only, and a client's model name may hold others. */
export function rewroteHeader(rewrote: readonly string[]): string {
	return rewrote.join("; ").replaceAll(/[^\x20-\x7e]/g, "?");
}

function guardInput(input: RewriteInput, fields: BodyFields, native: boolean): GuardInput {
	const { served, promptTokens, settings } = input;
	return {
		policy: settings.contextProtection,
		native,
		asked: numberOption(fields, "num_ctx"),
		served,
		override: settings.numCtxOverrides[canonicalName(served.model)],
		promptTokens,
	};
}

/** Vectors, token ids and prompts in a model's own template mean nothing to another model; `fallback: false` is a client's no. */
export function isTiedToModel(path: string, fields: BodyFields): boolean {
	if (path.startsWith("/api/embed") || fields.get("fallback") === false) return true;
	return fields.get("raw") === true || Array.isArray(fields.get("context")) || Boolean(fields.get("template"));
}

function numCtxEdit(numCtx: number, says: string): Edit {
	return { path: ["options", "num_ctx"], valueJson: String(numCtx), says };
}

function nativeEdits({ served, settings }: RewriteInput, fields: BodyFields): Edit[] {
	const edits: Edit[] = [];
	const budget = thinkingBudget(fields, served.capabilities, settings.thinking);
	if (budget) {
		const says = `num_predict ${budget.from} -> ${budget.to} (thinking)`;
		edits.push({ path: ["options", "num_predict"], valueJson: String(budget.to), says });
	}
	const keepAlive = keepAliveToStamp(settings.keepAlive, fields);
	if (keepAlive !== undefined) edits.push({ path: ["keep_alive"], valueJson: keepAlive, says: `keep_alive absent -> ${keepAlive}` });
	return edits;
}

/** Another spelling of the same name stays: Ollama's answer repeats it to the client. */
function modelEdit({ requestedModel, served: { model }, servedBecause }: RewriteInput): Edit[] {
	if (canonicalName(requestedModel) === canonicalName(model)) return [];
	return [{ path: ["model"], valueJson: asciiJson(model), says: `model ${requestedModel} -> ${model} (${servedBecause})` }];
}
