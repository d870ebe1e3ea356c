import { easyTextOf } from "../../probes/files.ts";
import type { Host } from "../../probes/host.ts";
import { parseEnvironmentFile, parseSystemdEnvironment } from "../environment.ts";
import type { Environment } from "../environment.ts";
import { parseServerConfig } from "../server-log.ts";
import type { SettingsSource } from "./source.ts";

/** The kernel counts in hundredths of a second, whatever its own clock. */
const TICKS_PER_SECOND = 100;
/** Ollama says how it is set before anything else. */
const SAID_WITHIN_S = 30;

/**
 * The Linux service. What it says in the journal is what holds, but takes membership in a group; what is declared, drop-ins
 * included, can be read by everybody. Either tells something only while the service runs.
 */
export const service: SettingsSource = {
	platforms: ["linux"],
	async read(host) {
		const shown = await host.run("systemctl", ["show", "ollama", "-p", "Environment", "-p", "EnvironmentFiles", "-p", "MainPID"]);
		const pid = /^MainPID=([1-9]\d*)$/m.exec(shown)?.[1];
		if (pid === undefined) return [];
		return [(await fromJournal(host, pid)) ?? (await declared(host, shown))];
	},
};

/** Of the first seconds of this very process: every question that Ollama was ever asked is in the journal too. */
async function fromJournal(host: Host, pid: string): Promise<Environment | undefined> {
	const startedAt = await startOf(host, pid);
	if (startedAt === undefined) return undefined;
	const span = [`--since=@${startedAt - 1}`, `--until=@${startedAt + SAID_WITHIN_S}`];
	return parseServerConfig(await host.run("journalctl", [`_PID=${pid}`, ...span, "-o", "cat", "--no-pager"]).catch(() => ""));
}

async function startOf(host: Host, pid: string): Promise<number | undefined> {
	const [machine = "", process = ""] = await Promise.all(["/proc/stat", `/proc/${pid}/stat`].map((path) => easyTextOf(host.at(path))));
	return parseStart(machine, process);
}

/** Epoch seconds; a process tells how long after the machine's own start it began, as the 22nd of its values. */
export function parseStart(machine: string, process: string): number | undefined {
	const bootedAt = Number(/^btime (\d+)$/m.exec(machine)?.[1]);
	// The second value is a name that may hold anything.
	const ticks = Number(process.slice(process.lastIndexOf(")") + 2).split(" ")[19]);
	const startedAt = bootedAt + Math.floor(ticks / TICKS_PER_SECOND);
	return Number.isSafeInteger(startedAt) ? startedAt : undefined;
}

/** systemd does not show what its files hold; those beat the unit's own lines. */
async function declared(host: Host, shown: string): Promise<Environment> {
	const paths = [...shown.matchAll(/^EnvironmentFiles=(\S+)/gm)].map(([, path = ""]) => path);
	const files = await Promise.all(paths.map((path) => easyTextOf(host.at(path))));
	return Object.assign({}, parseSystemdEnvironment(shown), ...files.map((text) => parseEnvironmentFile(text ?? "")));
}
