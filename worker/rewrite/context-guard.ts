/**
 * Keeps a client's `num_ctx` from reloading a model that is in memory. Ollama reloads when the value differs from the running
 * one, and when it is absent after an explicit load; never when it is equal. So the resident value is what harms nobody. Pure.
 */
import type { ClientNumber } from "./body-fields.ts";
import type { ServedFacts } from "./served-facts.ts";

/** `FLEET_CONTEXT_PROTECTION`. */
export const CONTEXT_POLICIES = ["strip", "warn", "passthrough"] as const;
export type ContextPolicy = (typeof CONTEXT_POLICIES)[number];

export interface GuardInput {
	readonly policy: ContextPolicy;
	/** `/v1` can't carry `num_ctx`. */
	readonly native: boolean;
	readonly asked: ClientNumber;
	readonly served: ServedFacts;
	/** `num_ctx` for this model when the client sends none. */
	readonly override: number | undefined;
	readonly promptTokens: number;
}

export interface GuardDecision {
	/** The value to send; undefined leaves the body alone. */
	readonly setNumCtx: number | undefined;
	readonly rewrote: readonly string[];
	/** For `X-Fleet-Context-Overflow`. */
	readonly overflow: string | undefined;
	readonly warnings: readonly string[];
}

type Step = Partial<Pick<GuardDecision, "setNumCtx" | "rewrote" | "warnings">>;

export function guardContext(input: GuardInput): GuardDecision {
	const step = stepFor(input);
	return { setNumCtx: undefined, rewrote: [], warnings: [], ...step, overflow: overflowOf(input, step.setNumCtx) };
}

function stepFor(input: GuardInput): Step {
	const { policy, native, asked, served } = input;
	if (!native || policy === "passthrough" || asked === "unreadable" || served.residentContext === "unknown") return {};
	if (asked === "absent") return input.override === undefined ? forAbsent(input) : forOverride(input, input.override);
	if (served.residentContext === "none" || asked === served.residentContext) return {};
	return asked < served.residentContext
		? forSmaller(input, asked, served.residentContext)
		: forLarger(input, asked, served.residentContext);
}

/** More than the default can only have been asked for: the absent value would then load the model anew, and smaller. */
function forAbsent({ policy, served }: GuardInput): Step {
	const { residentContext, defaultContext, model } = served;
	if (typeof residentContext !== "number" || defaultContext === undefined || residentContext <= defaultContext) return {};
	if (policy === "warn") return { warnings: [`no num_ctx may reload ${model}, which runs with ${residentContext}`] };
	return { setNumCtx: residentContext, rewrote: [`num_ctx absent -> ${residentContext} (resident)`] };
}

/** The value is the router's own: a client's policy says nothing about it, and it moves no request to another model. */
function forOverride({ served: { residentContext } }: GuardInput, override: number): Step {
	if (typeof residentContext === "number" && residentContext >= override)
		return { setNumCtx: residentContext, rewrote: [`num_ctx absent -> ${residentContext} (resident)`] };
	return { setNumCtx: override, rewrote: [`num_ctx absent -> ${override} (override)`] };
}

function forSmaller({ policy, served }: GuardInput, asked: number, resident: number): Step {
	if (policy === "warn") return { warnings: [reloadWarning(served.model, asked, resident)] };
	return { setNumCtx: resident, rewrote: [`num_ctx ${asked} -> ${resident} (resident)`] };
}

/** A context is never shrunk: where placement found no larger model that has it, Ollama reloads as the client asked. */
function forLarger({ served }: GuardInput, asked: number, resident: number): Step {
	const reloads = Math.min(asked, served.trainedContext ?? asked) > resident;
	return reloads ? { warnings: [reloadWarning(served.model, asked, resident)] } : {};
}

function reloadWarning(model: string, asked: number, resident: number): string {
	return `num_ctx ${asked} reloads ${model}, which runs with ${resident}`;
}

/** Only where the context is known: a cold model's is a guess. */
function overflowOf({ native, asked, served, promptTokens }: GuardInput, setNumCtx: number | undefined): string | undefined {
	const explicit = setNumCtx ?? (native && typeof asked === "number" ? asked : undefined);
	const resident = typeof served.residentContext === "number" ? served.residentContext : undefined;
	const context = explicit === undefined ? resident : Math.min(explicit, served.trainedContext ?? explicit);
	if (context === undefined || promptTokens <= context) return undefined;
	return `estimated_tokens=${promptTokens}; context_length=${context}`;
}
