/** Where the agent's door is meant to differ from the Ollama behind it, beside what the simulated Ollama does itself. */
import { SIMULATOR, type Allowance, type Allowances } from "./differences.ts";

const DOOR: readonly Allowance[] = [
	{ cases: /^http-authorization-ignored$/, because: "the door demands its own secret, and answers 401 to any other" },
	{
		cases: /^http-(404|404-head|double-slash|path-case)$/,
		because: "only Ollama's own routes are behind the door, in its own words for the rest",
	},
	{
		cases: /^http-(host-bad|host-bad-port|host-public-ip|host-options-bad)$/,
		because: "the door names its Ollama in the Host header itself, whatever the caller named",
	},
	{ cases: /^http-(origin|preflight)/, because: "the door takes the Origin away: what browsers may do is decided in front of it" },
	{ cases: /^http-connection-close$/, aspects: ["headers"], because: "the connection to the caller is the door's own affair" },
];

export const THROUGH_DOOR: Allowances = { ...SIMULATOR, lawful: [...SIMULATOR.lawful, ...DOOR] };
