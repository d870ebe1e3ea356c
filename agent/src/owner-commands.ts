/** `herd-agent drain` and `herd-agent resume`: a word to the agent that runs on this machine, or to its next start. */
import { setTimeout as delay } from "node:timers/promises";
import { DoorStateSchema } from "./door/control.ts";
import type { DoorState } from "./door/control.ts";
import { exchange } from "./exchange.ts";
import { IdentityFile } from "./identity.ts";
import { jsonOf } from "./json.ts";

const LOOK_EVERY_MS = 250;
/** The agent tries its router before it answers. */
const ANSWER_LIMIT_MS = 15_000;

export interface OwnerCommand {
	word: "drain" | "resume";
	/** Comes back only when nothing runs any more. */
	wait: boolean;
	/** For programs: one JSON object, at the end. */
	json: boolean;
	nodeId: string;
	dataDir: string;
}

type Say = (line: string) => void;

/** Rejects with a sentence for the person at the terminal. */
export async function obeyOwner(command: OwnerCommand, say: Say): Promise<void> {
	const { word, wait, json, nodeId, dataDir } = command;
	const identity = await IdentityFile.read(dataDir, nodeId);
	if (!identity) throw new Error(`no agent named "${nodeId}" has run with the data folder ${dataDir}: say --node-id or --data-dir`);
	const tell = json ? () => undefined : say;
	let state = await askDoor(identity, word);
	if (!state) await identity.keepDraining(word === "drain");
	tellState(state, word, tell);
	if (state && wait && word === "drain") state = { ...state, running: await untilEmpty(identity, state, tell) };
	if (json) say(JSON.stringify(jsonFor(state, command)));
}

function tellState(state: DoorState | undefined, word: OwnerCommand["word"], say: Say): void {
	if (!state)
		return say(
			word === "drain" ? "No agent runs here now; it will start drained" : "No agent runs here now; it will take work when it starts",
		);
	say(lineFor(state));
	if (state.told === false) say("The router is away, and hears of it with the next beat that reaches it");
}

function jsonFor(state: DoorState | undefined, { nodeId, word }: OwnerCommand): unknown {
	const known = { node_id: nodeId, agent_runs: state !== undefined, draining: state?.draining ?? word === "drain" };
	return { ...known, ...(state && { requests_running: state.running, router_told: state.told ?? false }) };
}

async function untilEmpty(identity: IdentityFile, first: DoorState, say: Say): Promise<number> {
	let { running } = first;
	while (running > 0) {
		await delay(LOOK_EVERY_MS);
		const now = (await askDoor(identity, "health"))?.running ?? 0;
		if (now !== running && now > 0) say(stillRun(now));
		running = now;
	}
	if (first.running > 0) say("Nothing runs here any more");
	return running;
}

function lineFor({ draining, running }: DoorState): string {
	if (!draining) return "This machine takes work again";
	return `This machine takes nothing new; ${running === 0 ? "nothing runs here" : stillRun(running)}`;
}

export function stillRun(running: number): string {
	return running === 1 ? "1 request still runs" : `${running} requests still run`;
}

/** Undefined when no agent of this identity listens. */
async function askDoor(identity: IdentityFile, word: OwnerCommand["word"] | "health"): Promise<DoorState | undefined> {
	const { doorUrl, secret } = identity;
	if (doorUrl === undefined || secret === undefined) return undefined;
	const headers = { authorization: `Bearer ${secret}` };
	const question = { method: word === "health" ? "GET" : "POST", headers, signal: AbortSignal.timeout(ANSWER_LIMIT_MS) } as const;
	const answer = await exchange(`${doorUrl}/door/${word}`, question).catch((error: unknown) => {
		if (isRefused(error)) return undefined;
		throw new Error(`the agent at ${doorUrl} does not answer`, { cause: error });
	});
	if (!answer) return undefined;
	const state = DoorStateSchema.safeParse(jsonOf(answer.text));
	// Its port may have gone to another program, or to an agent of another name
	return answer.status === 200 && state.success && state.data.node_id === identity.nodeId ? state.data : undefined;
}

function isRefused(error: unknown): boolean {
	return error instanceof Error && "code" in error && (error.code === "ECONNREFUSED" || error.code === "ECONNRESET");
}
