/** `herd nodes …`: asks the running router, with the admin key in force. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { FleetSnapshotSchema } from "../worker/protocol/fleet.ts";
import { type Flags, type Launch, ownUrl, readLaunch } from "./launcher-settings.ts";
import { UserError } from "./user-error.ts";

export function addNodeCommands(program: Command): void {
	const nodes = program.command("nodes").description("list, approve or remove machines of the running router");
	nodes
		.command("list", { isDefault: true })
		.description("every machine and its state")
		.action(() => list(program.opts<Flags>()));
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
		.command("forget <name>")
		.description("remove a machine; it must join again")
		.action((name: string) =>
			change(program.opts<Flags>(), { method: "DELETE", path: `/fleet/nodes/${encodeURIComponent(name)}`, done: `${name} is removed` }),
		);
}

async function list(flags: Flags): Promise<void> {
	const { nodes } = FleetSnapshotSchema.parse(await ask(flags, { method: "GET", path: "/fleet/status" }));
	if (nodes.length === 0) process.stdout.write("No machine has joined yet\n");
	for (const { node_id: name, status, ollama, hardware } of nodes) {
		process.stdout.write(
			`${name.padEnd(20)} ${status.padEnd(9)} ${String(ollama.models_loaded.length).padStart(2)} loaded  ${hardware.chip}\n`,
		);
	}
}

async function change(flags: Flags, { method, path, done }: { method: string; path: string; done: string }): Promise<void> {
	await ask(flags, { method, path });
	process.stdout.write(`${done}\n`);
}

async function ask(flags: Flags, { method, path }: { method: string; path: string }): Promise<unknown> {
	const launch = readLaunch(flags, process.env);
	const { host, port } = launch;
	const key = adminKey(launch);
	const headers = { "content-type": "application/json", ...(key && { authorization: `Bearer ${key}` }) };
	const response = await fetch(`${ownUrl(host, port)}${path}`, { method, headers }).catch(() => {
		throw new UserError(`No router answers on port ${port}: start it with "herd", or say its --port`);
	});
	const body: unknown = await response.json();
	if (response.ok) return body;
	const message =
		typeof body === "object" && body !== null && "error" in body ? String(body.error) : `The router answered ${response.status}`;
	throw new UserError(message);
}

/** Without one the router says where it is, if it wants one. */
function adminKey({ variables, dataDir }: Launch): string | undefined {
	try {
		return variables.FLEET_ADMIN_KEY ?? readFileSync(join(dataDir, "admin-key"), "utf8").trim();
	} catch {
		return undefined;
	}
}
