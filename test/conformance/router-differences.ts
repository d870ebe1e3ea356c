/** Where the router is meant to differ from the Ollama behind it, beside what the simulated Ollama does itself. */
import { type Allowance, type Allowances, SIMULATOR } from "./differences.ts";

const UNKNOWN_NAMES =
	/^(?:generate|chat|v1-[a-z]+)-unknown-model|^(?:show|copy|delete|v1-model)-missing$|^embed-missing-model$|^embeddings-legacy-missing$/;
const BLIND = /^generate-images-(?:bad-base64|on-text-model)$|^chat-images-on-text-model$|^v1-chat-image-http-url$/;

const ROUTER: readonly Allowance[] = [
	{ cases: UNKNOWN_NAMES, aspects: ["body"], because: "Ollama's sentence, then what the fleet knows of the name" },
	{
		cases: /^(?:tags-(?:get|after-pull)|http-accept-encoding)$/,
		aspects: ["body"],
		because: "`details.fleet_nodes` says which machines hold a model",
	},
	{
		cases: /^ps-(?:one|two|keepalive-forever)$/,
		aspects: ["body"],
		because: "`fleet_node` says which machine holds it, and a list from memory lags a load by up to one beat",
	},
	{ cases: BLIND, aspects: ["status", "headers", "line end", "body"], because: "an image is never sent to a model that can't see it" },
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
	{ cases: /^http-preflight-(?:404|allowed)$/, aspects: ["headers"], because: "workerd writes the three Vary headers as one" },
	{ cases: /^http-connection-close$/, aspects: ["headers"], because: "the connection to the client is workerd's own affair" },
	{
		cases: /^http-expect-continue$/,
		aspects: ["interim", "body"],
		because: "workerd asks for no body by 100 Continue, and the name is unknown",
	},
];

/** Routes that belong to one machine's account: not served. */
const NOT_SERVED: readonly Allowance[] = [{ cases: /^(?:me|web)-/, because: "an account belongs to one machine" }];

export const THROUGH_ROUTER: Allowances = {
	lawful: [...SIMULATOR.lawful, ...ROUTER],
	notSimulated: [...SIMULATOR.notSimulated, ...NOT_SERVED],
};
