/** `herd-agent drain`, `pause` and `resume`: a word to the agent that runs on this machine, or to its next start. */
import { setTimeout as delay } from "node:timers/promises";
import { untilWords } from "./capacity/duration.ts";
import { HELD_WORDS } from "./capacity/held.ts";
import { DoorStateSchema, pathOf } from "./door/control.ts";
import type { DoorState, OwnerWord } from "./door/control.ts";
import { IdentityFile } from "./identity.ts";
import { pauseFor } from "./service.ts";

const LOOK_EVERY_MS = 250;
/** The agent tries its router before it answers. */
const ANSWER_LIMIT_MS = 15_000;

export interface OwnerCommand {
	word: OwnerWord["word"];
	/** Comes back only when nothing runs any more. */
	wait: boolean;
	/** Of a pause that ends by itself. */
	forMs?: number;
	nodeId: string;
	dataDir: string;
}

type Say = (line: string) => void;

/** Rejects with a sentence for the person at the terminal. */
export async function obeyOwner(command: OwnerCommand, say: Say): Promise<void> {
	const { wait, nodeId, dataDir } = command;
	const word = wordOf(command);
	const identity = await IdentityFile.read(dataDir, nodeId);
	if (!identity) throw new Error(`no agent named "${nodeId}" has run with the data folder ${dataDir}: say --node-id or --data-dir`);
	const state = await askDoor(identity, word);
	if (!state) return say(await keepForStart(identity, word));
	say(lineFor(state, word));
	if (state.told === false) say("The router is away, and hears of it with the next beat that reaches it");
	if (wait && word.word !== "resume") await untilEmpty(identity, state, say);
}

function wordOf({ word, forMs }: OwnerCommand): OwnerWord {
	return word === "pause" ? { word, ...(forMs !== undefined && { forMs }) } : { word };
}

/** The time of a pause runs from now on, whenever the agent starts. */
async function keepForStart(identity: IdentityFile, word: OwnerWord): Promise<string> {
	switch (word.word) {
		case "drain":
			await identity.keepDraining(true);
			return "No agent runs here now; it will start drained";
		case "pause": {
			const pause = pauseFor(word.forMs, Date.now());
			await identity.keepPause(pause);
			return `No agent runs here now; it will be paused${untilWords(pause.until, Date.now())} when it starts`;
		}
		case "resume":
			await identity.keepInService();
			return "No agent runs here now; it will take work when it starts";
	}
}

async function untilEmpty(identity: IdentityFile, first: DoorState, say: Say): Promise<void> {
	let { running } = first;
	while (running > 0) {
		await delay(LOOK_EVERY_MS);
		const now = (await askDoor(identity, "health"))?.running ?? 0;
		if (now !== running && now > 0) say(stillRun(now));
		running = now;
	}
	if (first.running > 0) say("Nothing runs here any more");
}

function lineFor({ draining, held, running }: DoorState, { word }: OwnerWord): string {
	const rest = running === 0 ? "nothing runs here" : stillRun(running);
	if (draining) return `This machine takes nothing new; ${rest}`;
	if (!held) return "This machine takes work again";
	const end = untilWords(held.until, Date.now());
	if (word === "resume") return `This machine is resumed, but still takes nothing new: ${HELD_WORDS[held.reason] ?? held.reason}${end}`;
	return `This machine takes nothing new${end || " until herd-agent resume"}; ${rest}`;
}

export function stillRun(running: number): string {
	return running === 1 ? "1 request still runs" : `${running} requests still run`;
}

/** Undefined when no agent of this identity listens. */
async function askDoor(identity: IdentityFile, word: OwnerWord | "health"): Promise<DoorState | undefined> {
	const { doorUrl, secret } = identity;
	if (doorUrl === undefined || secret === undefined) return undefined;
	const method = word === "health" ? "GET" : "POST";
	const init = { method, headers: { authorization: `Bearer ${secret}` }, signal: AbortSignal.timeout(ANSWER_LIMIT_MS) };
	const response = await fetch(`${doorUrl}${word === "health" ? "/door/health" : pathOf(word)}`, init).catch((error: unknown) => {
		if (isRefused(error)) return undefined;
		throw new Error(`the agent at ${doorUrl} does not answer`, { cause: error });
	});
	if (!response) return undefined;
	const state = DoorStateSchema.safeParse(await response.json().catch(() => undefined));
	// Its port may have gone to another program, or to an agent of another name
	return response.ok && state.success && state.data.node_id === identity.nodeId ? state.data : undefined;
}

function isRefused(error: unknown): boolean {
	const cause = error instanceof Error ? error.cause : undefined;
	return typeof cause === "object" && cause !== null && "code" in cause && (cause.code === "ECONNREFUSED" || cause.code === "ECONNRESET");
}
