/** Why a machine takes no work or tells less than it should, and what to do about it. Pure. */
import type { NodeSnapshot } from "../../../worker/protocol/fleet.ts";
import { pauseWords } from "./capacity-words.ts";

export interface Trouble {
	readonly what: string;
	readonly advice: string | undefined;
	/** Something to run on that machine. */
	readonly command?: string;
}

/** The router's reasons, as in `blocked_by`. `ollama-down` is told by Ollama's own state, `offline` and `pending-approval` by the card. */
const BLOCKED: Record<string, Trouble> = {
	draining: { what: "Draining: it finishes what runs and takes nothing new.", advice: undefined },
	paused: { what: "Paused by its owner.", advice: "To go on, resume it on that machine." },
	"door-unreachable": {
		what: "The router can't reach this machine's door.",
		advice: "Usually a firewall on that machine: let TCP port 11436 in.",
	},
	"memory-critical": { what: "Its memory is too short to load a model.", advice: "Models in memory still answer. Close something there." },
	"capacity-paused": { what: "In use by its owner, so it takes no work.", advice: undefined },
	"over-ceiling": { what: "Its owner leaves it too little memory for the model asked for.", advice: undefined },
	"does-not-fit": { what: "It is too small for the model asked for.", advice: undefined },
	"model-missing": { what: "It does not have the model asked for.", advice: undefined },
	"capability-missing": { what: "Its copy of the model lacks what the request needs.", advice: undefined },
	"dialect-unsupported": { what: "Its Ollama does not serve this API.", advice: "Install a version there that does." },
	excluded: { what: "It failed this request already.", advice: undefined },
};

const OLLAMA: Record<string, Trouble> = {
	stopped: { what: "Ollama is not running there.", advice: "Start it on that machine:", command: "ollama serve" },
	crashed: { what: "Ollama ran and has gone away.", advice: "Start it again on that machine:", command: "ollama serve" },
	starting: { what: "Ollama is starting.", advice: "It takes work as soon as it is up." },
	busy: { what: "Ollama is too busy to answer the agent.", advice: "It often does so while loading a model." },
	"too-old": { what: "Ollama there is too old for the fleet.", advice: "Get a newer one at ollama.com for that machine." },
	"not-installed": { what: "Ollama is not installed there.", advice: "Get it at ollama.com, then it is found by itself." },
};

const SAID_BY_CARD = new Set(["pending-approval", "offline", "ollama-down"]);

/** Everything in the way of work on a machine that is there, most telling first. `now` in epoch milliseconds. */
export function troublesOf(node: NodeSnapshot, now: number): Trouble[] {
	if (node.status === "offline" || node.status === "pending") return [];
	const reasons = node.blocked_by.filter((reason) => !SAID_BY_CARD.has(reason)).map((reason) => blockedWords(reason, node, now));
	const ollama = ollamaTrouble(node);
	return [...(ollama ? [ollama] : []), ...reasons, ...node.breakers.map(restWords)];
}

/** What a machine's agent could not read there, and why. */
export function probeWords({ probe, reason }: NodeSnapshot["failed_probes"][number]): string {
	return `No new figures from ${probe}: ${reason}`;
}

/** What failed there again and again is left alone while another machine can serve. */
function restWords({ model, failures, retry_in_ms: ms }: NodeSnapshot["breakers"][number]): Trouble {
	const when = ms > 0 ? `in ${Math.ceil(ms / 1000)} s` : "with the next request";
	const what = `${model === "*" ? "It" : model} failed ${failures} times in a row and rests.`;
	return { what, advice: `The router tries it again by itself, ${when}.` };
}

function ollamaTrouble({ ollama, blocked_by }: NodeSnapshot): Trouble | undefined {
	const known = Object.hasOwn(OLLAMA, ollama.state) ? OLLAMA[ollama.state] : undefined;
	if (known) return known;
	return blocked_by.includes("ollama-down") ? { what: "Its Ollama does not answer.", advice: undefined } : undefined;
}

/** A reason this page does not know yet is shown as the router names it, never dropped. */
function blockedWords(reason: string, { node_id: nodeId, capacity }: NodeSnapshot, now: number): Trouble {
	if (capacity?.mode === "paused" && (reason === "paused" || reason === "capacity-paused")) return pauseWords(nodeId, capacity, now);
	const known = Object.hasOwn(BLOCKED, reason) ? BLOCKED[reason] : undefined;
	return known ?? { what: `Takes no work: ${reason.replaceAll("-", " ")}.`, advice: undefined };
}
