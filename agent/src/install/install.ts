/** `herd-agent install` and `herd-agent uninstall`: shown first, done after a yes. */
import { asksYes } from "./ask.ts";
import { carryOut } from "./carry-out.ts";
import { factsHere, systemHere } from "./here.ts";
import { OWNER_ONLY } from "./plan.ts";
import type { Plan } from "./plan.ts";
import { copyIn, copyProgram, programFor } from "./program.ts";
import type { ProgramCopy } from "./program.ts";
import { planJson, planLines } from "./show.ts";
import { tokenFileIn } from "./token-file.ts";

export interface InstallManner {
	/** Nobody is asked. */
	yes: boolean;
	/** Nothing is done. */
	dryRun: boolean;
	json: boolean;
}

export interface InstallOrder {
	word: "install" | "uninstall";
	manner: InstallManner;
	nodeId: string;
	dataDir: string;
	/** For the service: what was given on the command line and in the environment, without the token. */
	flags: readonly string[];
	token?: string;
	/** What a person types to call this program. */
	program: string;
}

type Say = (line: string) => void;

/** Rejects with a sentence for the person at the terminal. */
export async function obeyInstall(order: InstallOrder, say: Say): Promise<void> {
	const { plan, copy } = planFor(order);
	const { dryRun, json } = order.manner;
	if (!json) for (const line of planLines(plan, copy)) say(line);
	if (!dryRun) await act(order, plan, copy);
	if (json) say(JSON.stringify({ done: !dryRun, ...planJson(plan, copy) }, undefined, 2));
	else if (!dryRun) for (const line of doneLines(order, plan)) say(line);
}

async function act({ word, manner }: InstallOrder, plan: Plan, copy: ProgramCopy | undefined): Promise<void> {
	if (!manner.yes && !(await isWanted(word, manner.json))) throw new Error("nothing was changed");
	if (copy) await copyProgram(copy);
	await carryOut(plan);
}

function planFor(order: InstallOrder): { plan: Plan; copy?: ProgramCopy } {
	const system = systemHere();
	const { nodeId, dataDir, token } = order;
	const facts = factsHere(dataDir);
	const tokenFile = tokenFileIn(dataDir, nodeId);
	if (order.word === "uninstall") {
		const plan = system.uninstall(facts);
		return { plan: { ...plan, removals: [...plan.removals, tokenFile, copyIn(dataDir)] } };
	}
	const { scriptPath, copy } = programFor(facts.scriptPath, dataDir);
	const flags = [...order.flags, ...(token === undefined ? [] : ["--token-file", tokenFile])];
	const plan = system.install({ ...facts, scriptPath, flags });
	const secret = { path: tokenFile, text: `${token}\n`, mode: OWNER_ONLY, encoding: "utf8", isSecret: true } as const;
	return { plan: token === undefined ? plan : { ...plan, files: [secret, ...plan.files] }, ...(copy && { copy }) };
}

/** A script must say so itself: nobody would answer. */
function isWanted(word: InstallOrder["word"], json: boolean): Promise<boolean> {
	if (json || !process.stdin.isTTY || !process.stdout.isTTY)
		throw new Error("nobody can be asked here: say --yes to do it, or --dry-run only to see it");
	return asksYes(word === "install" ? "Install it?" : "Remove it?");
}

function doneLines({ word, dataDir, program }: InstallOrder, { hints }: Plan): string[] {
	if (word === "uninstall") return [`The agent no longer starts with this machine. Who it is and its logs stay in ${dataDir}`];
	return [
		"The agent was started, and will start with this machine",
		...[...hints, `How it does: ${program} doctor`].map((hint) => `  ${hint}`),
	];
}
