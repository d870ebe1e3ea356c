/** `herd nodes …`: asks the running router, with the admin key in force. */
import type { Command } from "commander";
import { FleetSnapshotSchema } from "../worker/protocol/fleet.ts";
import { askRouter } from "./ask-router.ts";
import type { Flags } from "./launcher-settings.ts";
import { addRestartCommand } from "./restart-command.ts";
import { addServiceCommands } from "./service-commands.ts";

/** Shown in place of the machine's state: somebody wants it so. */
const AT_REST = ["draining", "paused", "capacity-paused"];

export function addNodeCommands(program: Command): void {
	const nodes = program.command("nodes").description("list, approve, pause, drain or remove machines of the running router");
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
	addServiceCommands(nodes, () => program.opts<Flags>());
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
		const state = (status === "online" && AT_REST.find((reason) => blockedBy.includes(reason))) || status;
		process.stdout.write(
			`${name.padEnd(20)} ${state.padEnd(15)} ${String(ollama.models_loaded.length).padStart(2)} loaded  ${hardware.chip}\n`,
		);
	}
}

async function change(flags: Flags, { method, path, done }: { method: string; path: string; done: string }): Promise<void> {
	await askRouter(flags, { method, path });
	process.stdout.write(`${done}\n`);
}
