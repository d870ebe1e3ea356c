/** `herd nodes drain|pause|resume NAME`: out of service and back, or left to its owner for a while. */
import { type Command, InvalidArgumentError } from "commander";
import * as z from "zod";
import { parseDuration, untilWords } from "../agent/src/capacity/duration.ts";
import { askRouter } from "./ask-router.ts";
import type { Flags } from "./launcher-settings.ts";

const AnswerSchema = z.object({ blocked_by: z.array(z.string()), requests_active: z.number(), paused_until: z.number().optional() });
type Answer = z.infer<typeof AnswerSchema>;

/** What the agent there holds against new work, and what ends it. */
const STILL: Readonly<Record<string, string>> = {
	draining: "the agent there drains it as well: run herd-agent resume on that machine",
	paused: "its owner has paused it or has quiet hours there: herd-agent resume on that machine ends a pause",
	"capacity-paused": "its owner uses it",
};

export function addServiceCommands(nodes: Command, flags: () => Flags): void {
	nodes
		.command("drain <name>")
		.description("take a machine out of service: it finishes what runs and gets nothing new, until it is resumed")
		.action(async (name: string) => print(await ask(flags(), name, "drain"), name));
	nodes
		.command("pause <name>")
		.description("leave a machine to its owner: it finishes what runs and gets nothing new, for a time or until it is resumed")
		.option("--for <time>", "end by itself after 30m, 2h, 1h30m, 3d", seconds)
		.action(async (name: string, { for: forS }: { for?: number }) =>
			print(await ask(flags(), name, "pause", forS === undefined ? {} : { for_s: forS }), name),
		);
	nodes
		.command("resume <name>")
		.description("send a drained or paused machine work again")
		.action((name: string) => resume(flags(), name));
}

function seconds(text: string): number {
	const ms = parseDuration(text);
	if (ms !== undefined) return ms / 1000;
	throw new InvalidArgumentError("It must be a time such as 30m, 2h, 1h30m or 3d, a year at most.");
}

function print({ requests_active: running, paused_until: until }: Answer, name: string): void {
	const end = untilWords(until === undefined ? undefined : until * 1000, Date.now());
	const rest = running === 0 ? "nothing runs there" : `${running} ${running === 1 ? "request runs" : "requests run"} on to the end`;
	process.stdout.write(`${name} takes nothing new${end}; ${rest}\n`);
}

async function resume(flags: Flags, name: string): Promise<void> {
	const { blocked_by: blockedBy } = await ask(flags, name, "resume");
	const [first] = blockedBy;
	if (first === undefined) process.stdout.write(`${name} takes work again\n`);
	else process.stdout.write(`${name} is resumed here, but takes no work yet: ${STILL[first] ?? blockedBy.join(", ")}\n`);
}

async function ask(flags: Flags, name: string, word: string, body: Readonly<Record<string, unknown>> = {}): Promise<Answer> {
	return AnswerSchema.parse(await askRouter(flags, { method: "POST", path: `/fleet/nodes/${encodeURIComponent(name)}/${word}`, body }));
}
