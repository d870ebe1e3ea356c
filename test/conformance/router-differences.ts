/** Where the router is meant to differ from the Ollama behind it, beside what the simulated Ollama does itself. */
import { type Allowance, type Allowances, SIMULATOR } from "./differences.ts";

const ROUTER: readonly Allowance[] = [
	{
		cases: /unknown-model|-missing(?:-model)?$|^embeddings-legacy-missing$/,
		aspects: ["body"],
		because: "Ollama's sentence, then what the fleet knows of the name",
	},
	{ cases: /^(?:tags|http-accept-encoding)/, aspects: ["body"], because: "`details.fleet_nodes` says which machines hold a model" },
	{
		cases: /^ps-/,
		aspects: ["body"],
		because: "`fleet_node` says which machine holds it; a list from memory lags a load by up to one beat",
	},
	{ cases: /image/, aspects: ["status", "headers", "line end", "body"], because: "an image is never sent to a model that can't see it" },
	{
		cases: /^http-host-(?:bad|bad-port)$/,
		aspects: ["headers", "line end", "body"],
		because: "the refusal names the host and the variable that would allow it",
	},
	{ cases: /^v1-messages-count-tokens$/, because: "Ollama does not count tokens; the router estimates them" },
	{ cases: /^http-host-public-ip$/, because: "an IP literal can't be rebound, so it is let in" },
	{
		cases: /^http-origin-not-allowed$/,
		aspects: ["headers", "line end", "body"],
		because: "the refusal names the origin and the variable that would allow it",
	},
	{ cases: /^http-preflight/, aspects: ["headers"], because: "workerd writes the three Vary headers as one" },
	{
		cases: /^http-(?:connection-close|expect-continue)$/,
		aspects: ["headers", "interim"],
		because: "the connection to the client is workerd's own affair",
	},
];

/** Routes the router does not serve yet: they answer 501, or are not there. */
const NOT_SERVED: readonly Allowance[] = [
	{
		cases:
			/^(?:show|pull|push|copy|create|delete|blob)-|^v1-model(?:s|-.*)?$|^jinja-show$|^http-expect-continue$|^status-|^tags-after|^me-|^web-/,
		because: "model management comes later",
	},
];

export const THROUGH_ROUTER: Allowances = {
	lawful: [...SIMULATOR.lawful, ...ROUTER],
	notSimulated: [...SIMULATOR.notSimulated, ...NOT_SERVED],
};
