/** What the door answers itself, to the router and to the owner's commands on this machine. */
import type { IncomingMessage, ServerResponse } from "node:http";
import * as z from "zod";
import type { RestartAnswer } from "../../../worker/protocol/restart.ts";
import type { Restarted } from "../ollama/keeper.ts";
import { refuse } from "./refuse.ts";

/** The router reads `node_id` only. */
export const DoorStateSchema = z.object({
	node_id: z.string(),
	in_flight: z.array(z.string()),
	/** Requests that pass, those without an id included. */
	running: z.number(),
	draining: z.boolean(),
	/** Why nothing new comes though it is not drained. */
	held: z.object({ reason: z.string(), until: z.number().optional() }).optional(),
	/** After a change: the router knows of it. */
	told: z.boolean().optional(),
});
export type DoorState = z.infer<typeof DoorStateSchema>;

/** `forMs`: a pause that ends by itself. */
export type OwnerWord = { word: "drain" | "resume" } | { word: "pause"; forMs?: number };

/** Does what the owner says; true once the router knows. */
export type Obey = (word: OwnerWord) => Promise<boolean>;

export interface Controls {
	state: () => DoorState;
	obey: Obey | undefined;
	restartOllama: (() => Promise<Restarted>) | undefined;
}

export async function control(
	{ method, path }: { method: IncomingMessage["method"]; path: string },
	response: ServerResponse,
	{ state, obey, restartOllama }: Controls,
): Promise<void> {
	if (path === "/door/health") return answer(response, state());
	if (method === "POST" && path === "/door/restart-ollama" && restartOllama) {
		const { running } = state();
		return answerRestart(response, await restartOllama(), running);
	}
	const word = method === "POST" ? wordIn(path) : undefined;
	if (word === undefined || !obey) return refuse(response, 404, "The door has no such word");
	const told = await obey(word);
	answer(response, { ...state(), told });
}

/** `/door/pause/7200000`: for two hours. */
export function pathOf(word: OwnerWord): string {
	return `/door/${word.word}${word.word === "pause" && word.forMs !== undefined ? `/${word.forMs}` : ""}`;
}

function wordIn(path: string): OwnerWord | undefined {
	const [, word, forMs] = /^\/door\/(drain|resume|pause)(?:\/(\d{1,12}))?$/.exec(path) ?? [];
	if (word === "pause") return { word, ...(forMs !== undefined && { forMs: Number(forMs) }) };
	return (word === "drain" || word === "resume") && forMs === undefined ? { word } : undefined;
}

function answerRestart(response: ServerResponse, restarted: Restarted, running: number): void {
	if (restarted.kind === "restarted") return answer(response, { requests_cut: running });
	refuse(response, restarted.kind === "not-ours" ? 409 : 502, restarted.message);
}

function answer(response: ServerResponse, said: DoorState | RestartAnswer): void {
	const body = JSON.stringify(said);
	response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(body) });
	response.end(body);
}
