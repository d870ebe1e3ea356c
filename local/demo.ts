/** `npm run demo`: the router, five simulated machines with agents, and a few chats, so that there is something to see. */
import "./small-heap.ts";
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { Command } from "commander";
import { FleetSnapshotSchema } from "../worker/protocol/fleet.ts";
import { defaultDataFolder } from "./data-folder.ts";
import { demoFolder } from "./demo-data.ts";
import { sendDemoChats } from "./demo-chats.ts";
import { dataFolderOf, ownUrl, readLaunch } from "./launcher-settings.ts";
import { panel, dim } from "./panel.ts";
import { parsePort } from "./parse-port.ts";
import { ROOT } from "./places.ts";
import { startRouter } from "./router.ts";
import { runProgram } from "./run-program.ts";
import { stopOnSignals } from "./signals.ts";
import { UserError } from "./user-error.ts";

/** The simulated machines answer at twice the speed of the real ones: lifelike, and nobody waits long. */
const DEFAULT_SPEED = "2";
const JOIN_LIMIT_MS = 30_000;
const LOOK_EVERY_MS = 100;

interface Flags {
	port?: number;
	host: string;
	speed: string;
}

const program = new Command("npm run demo --")
	.description("The router with a simulated fleet of five machines; no Ollama needed")
	.option("--port <number>", "port to listen on (default: FLEET_PORT, else 11435)", parsePort)
	.option("--host <address>", "address to listen on", "127.0.0.1")
	.option("--speed <factor>", "how much faster than real machines the simulated ones are", DEFAULT_SPEED)
	.showHelpAfterError("(npm run demo -- --help shows what there is)")
	.action(run);

function say(line: string): void {
	process.stdout.write(`${line}\n`);
}

async function run({ speed, ...flags }: Flags): Promise<void> {
	const folder = dataFolderOf(process.env) ?? demoFolder(defaultDataFolder());
	const { host, port, dataDir } = readLaunch({ ...flags, dataDir: folder }, process.env);
	say(dim(`The demo's data are in ${dataDir}`));
	const router = await startRouter({ host, port, dataDir, demo: true, say });
	const { adminKey, joinToken } = router;
	const url = ownUrl(host, router.port);
	const fleet = await startFleet({ url, token: joinToken, dataDir, speed });
	stopOnSignals(async () => {
		await Promise.all([endFleet(fleet), router.stop()]);
	}, say);
	await fleetReady(url);
	say(panel({ host, port: router.port, adminKey, joinToken, dataDir }));
	say(dim("Five simulated machines have joined; sending a few chats so that there is something to see"));
	await sendDemoChats(url, say);
	say(tryThis(router.port, dataDir));
}

async function startFleet({
	url,
	token,
	dataDir,
	speed,
}: {
	url: string;
	token: string;
	dataDir: string;
	speed: string;
}): Promise<ChildProcess> {
	const flags = [
		"--fleet",
		"home",
		"--router-url",
		url,
		"--token",
		token,
		"--data-dir",
		join(dataDir, "demo-agents"),
		"--time-scale",
		speed,
	];
	// Its own process group: Ctrl-C reaches it through this process only, after the farewell is planned
	const child = fork(join(ROOT, "agent", "src", "simulate", "main.ts"), flags, {
		stdio: ["ignore", "ignore", "inherit", "ipc"],
		detached: true,
	});
	await Promise.race([
		once(child, "message"),
		once(child, "exit").then(() => Promise.reject(new UserError("The simulated fleet did not start"))),
	]);
	return child;
}

async function endFleet(child: ChildProcess): Promise<void> {
	if (child.exitCode !== null) return;
	const gone = once(child, "exit");
	child.kill("SIGTERM");
	await gone;
}

async function fleetReady(url: string): Promise<void> {
	const deadline = Date.now() + JOIN_LIMIT_MS;
	for (;;) {
		const snapshot = FleetSnapshotSchema.parse(await (await fetch(`${url}/fleet/status`)).json());
		if (snapshot.nodes.filter((node) => node.status === "online" && node.blocked_by.length === 0).length >= 5) return;
		if (Date.now() > deadline) throw new UserError("The simulated machines did not all join within 30 s");
		await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
	}
}

function tryThis(port: number, dataDir: string): string {
	const query = "SELECT model, node_id, COUNT(*) AS n, AVG(latency_ms)/1000.0 AS avg_secs FROM request_traces GROUP BY model, node_id";
	return [
		"Try:",
		`  curl http://localhost:${port}/api/chat -d '{"model":"llama3.3:70b","messages":[{"role":"user","content":"Hello"}]}'`,
		`  sqlite3 ${dataDir}/latency.db "${query}"`,
		"Ctrl-C ends all of it",
	].join("\n");
}

await runProgram(program);
