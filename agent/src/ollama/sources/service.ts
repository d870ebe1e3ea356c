import { easyTextOf } from "../../probes/files.ts";
import type { Host } from "../../probes/host.ts";
import { parseEnvironmentFile, parseSystemdEnvironment } from "../environment.ts";
import type { Environment } from "../environment.ts";
import { parseServerConfig, SERVER_CONFIG } from "../server-log.ts";
import type { SettingsSource } from "./source.ts";

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

/** The newest line of this very process. */
async function fromJournal(host: Host, pid: string): Promise<Environment | undefined> {
	const args = [`_PID=${pid}`, "-o", "cat", "--no-pager", "-r", "-n", "1", "-g", SERVER_CONFIG];
	return parseServerConfig(await host.run("journalctl", args).catch(() => ""));
}

/** systemd does not show what its files hold; those beat the unit's own lines. */
async function declared(host: Host, shown: string): Promise<Environment> {
	const paths = [...shown.matchAll(/^EnvironmentFiles=(\S+)/gm)].map(([, path = ""]) => path);
	const files = await Promise.all(paths.map((path) => easyTextOf(host.at(path))));
	return Object.assign({}, parseSystemdEnvironment(shown), ...files.map((text) => parseEnvironmentFile(text ?? "")));
}
