/** `herd nodes …`: asks the running router, with the admin key in force. */
import type { Command } from "commander";
import * as z from "zod";
import { FleetSnapshotSchema } from "../worker/protocol/fleet.ts";
import { askRouter } from "./ask-router.ts";
import type { Flags } from "./launcher-settings.ts";
import { addRestartCommand } from "./restart-command.ts";

const DrainAnswerSchema = z.object({ blocked_by: z.array(z.string()), requests_active: z.number() });

export function addNodeCommands(program: Command): void {
	const nodes = program.command("nodes").description("list, approve, drain or remove machines of the running router");
	nodes
		.command("list", { isDefault: true })
		.description("every machine and its state")
		.option("--json", "the router's whole answer about them")
		.action(({ json = false }: { json?: boolean }) => list(program.opts<Flags>(), json));
	nodes
		.command("approve <name>")
		.description("let a waiting machine in")
		.action((name: string) =>
			change(program.opts<Flags>(), {
				method: "POST",
				path: `/fleet/nodes/${encodeURIComponent(name)}/approve`,
				done: `${name} is in the fleet`,
			}),
		);
	nodes
		.command("drain <name>")
		.description("let a machine finish what runs and send it nothing new, until it is resumed")
		.action((name: string) => drain(program.opts<Flags>(), name));
	nodes
		.command("resume <name>")
		.description("send a drained machine work again")
		.action((name: string) => resume(program.opts<Flags>(), name));
	addRestartCommand(nodes, () => program.opts<Flags>());
	nodes
		.command("forget <name>")
		.description("remove a machine; it must join again")
		.action((name: string) =>
			change(program.opts<Flags>(), { method: "DELETE", path: `/fleet/nodes/${encodeURIComponent(name)}`, done: `${name} is removed` }),
		);
}

async function list(flags: Flags, json: boolean): Promise<void> {
	const { nodes } = FleetSnapshotSchema.parse(await askRouter(flags, { method: "GET", path: "/fleet/status" }));
	if (json) return void process.stdout.write(`${JSON.stringify(nodes, undefined, 2)}\n`);
	if (nodes.length === 0) process.stdout.write("No machine has joined yet\n");
	for (const { node_id: name, status, blocked_by: blockedBy, ollama, hardware } of nodes) {
		const state = blockedBy.includes("draining") && status === "online" ? "draining" : status;
		process.stdout.write(
			`${name.padEnd(20)} ${state.padEnd(9)} ${String(ollama.models_loaded.length).padStart(2)} loaded  ${hardware.chip}\n`,
		);
	}
}

async function drain(flags: Flags, name: string): Promise<void> {
	const { requests_active: running } = await say(flags, name, "drain");
	const rest = running === 0 ? "nothing runs there" : `${running} ${running === 1 ? "request runs" : "requests run"} on to the end`;
	process.stdout.write(`${name} takes nothing new; ${rest}\n`);
}

async function resume(flags: Flags, name: string): Promise<void> {
	const { blocked_by: blockedBy } = await say(flags, name, "resume");
	const rest = blockedBy.includes("draining")
		? "the agent there drains it as well: run herd-agent resume on that machine"
		: blockedBy.join();
	process.stdout.write(rest === "" ? `${name} takes work again\n` : `${name} is resumed here, but takes no work yet: ${rest}\n`);
}

async function say(flags: Flags, name: string, word: "drain" | "resume"): Promise<z.infer<typeof DrainAnswerSchema>> {
	return DrainAnswerSchema.parse(await askRouter(flags, { method: "POST", path: `/fleet/nodes/${encodeURIComponent(name)}/${word}` }));
}

async function change(flags: Flags, { method, path, done }: { method: string; path: string; done: string }): Promise<void> {
	await askRouter(flags, { method, path });
	process.stdout.write(`${done}\n`);
}
