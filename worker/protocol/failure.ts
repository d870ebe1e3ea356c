/** What can go wrong with one try at one node, and what follows from it. */

/**
 * Before the first byte: `node-silent`: no beat came for too long. `door-lost`: the router's connection to the door; workerd words a
 * refused and a broken one alike. `connect` and `reset`: the door's own connection to its Ollama. `busy`: Ollama's queue for a model
 * that is not loaded is full. `garbage`: what answers is no Ollama. After it: `broke-off`.
 */
export type FailureKind =
	| "node-silent"
	| "door-lost"
	| "door-refused"
	| "connect"
	| "reset"
	| "timeout"
	| "server-error"
	| "busy"
	| "garbage"
	| "draining"
	| "broke-off"
	| "client-gone";

/** Whom a failure speaks against: the node as a whole, the model on it, or nobody. */
export type Blames = "node" | "model" | "nobody";

/** `pauses`: the node gets no more of it for a while, without counting as broken. All before the first byte are tried elsewhere. */
export const FAILURES: Record<FailureKind, { readonly blames: Blames; readonly pauses?: true }> = {
	// Seen by liveness and door checks, which shut the node by themselves
	"node-silent": { blames: "nobody" },
	"door-lost": { blames: "nobody" },
	"door-refused": { blames: "node" },
	connect: { blames: "node" },
	reset: { blames: "model" },
	timeout: { blames: "model" },
	"server-error": { blames: "model" },
	busy: { blames: "nobody", pauses: true },
	garbage: { blames: "node" },
	draining: { blames: "nobody" },
	"broke-off": { blames: "model" },
	"client-gone": { blames: "nobody" },
};
